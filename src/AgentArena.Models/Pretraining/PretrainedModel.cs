// A checkpoint of a pretraining run as a model that plays. Knows the shape from the run's options.
using AgentArena.Core.Models;
using AgentArena.Models.Storage;

namespace AgentArena.Models.Pretraining;

/// <summary>Opens checkpoints.</summary>
public static class PretrainedModel
{
    /// <summary>The model of a checkpoint, for play alone.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another shape.</exception>
    public static ILanguageModel Load(PretrainOptions options, string checkpoint)
    {
        var model = new TransformerModel(
            options.Name,
            options.Model,
            ModelFolder.ReadTokenizer(checkpoint),
            seed: 0,
            learning: null
        );
        try
        {
            model.Load(checkpoint);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
