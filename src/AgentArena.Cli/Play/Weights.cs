// A model's probabilities of listed moves, turn by turn, each asked once. For tables of enumerable games and for
// searches.
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Play;

/// <summary>The probabilities of one version of a model; the version must not change while this is used.</summary>
internal sealed class Weights(ILanguageModel model)
{
    private readonly Dictionary<(string, int, string), double[]> _known = [];

    /// <summary>The probability of each legal move of each turn.</summary>
    public IReadOnlyList<double[]> Of(BoundScenario ground, IReadOnlyList<Turn> turns)
    {
        var unknown = turns.Where(t => !_known.ContainsKey(Key(t))).DistinctBy(Key).ToArray();
        if (unknown.Length > 0)
        {
            var weighed = model.MoveProbabilities([
                .. unknown.Select(ground.QuestionOf).Select(q => (q.Messages, q.Legal)),
            ]);
            for (var i = 0; i < unknown.Length; i++)
                _known.Add(Key(unknown[i]), weighed[i]);
        }
        return [.. turns.Select(t => _known[Key(t)])];
    }

    private static (string, int, string) Key(Turn turn) =>
        (
            turn.Role,
            turn.Seat,
            turn.InformationState
                ?? throw new InvalidOperationException(
                    $"turn {turn.Id} of seat {turn.Seat} has no information state to know it by."
                )
        );
}
