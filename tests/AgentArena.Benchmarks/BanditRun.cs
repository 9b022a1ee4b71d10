// One estimator on one bandit with one seed: a small transformer samples, is paid, weighed and trained by the code that
// trains agents.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;

namespace AgentArena.Benchmarks;

/// <summary>What came of a run, exact over all replies and what each pays on the average.</summary>
/// <param name="Early">Mean reward of the policy after a third of the batches.</param>
/// <param name="Reward">Mean reward at the end.</param>
/// <param name="Entropy">Mean entropy of the replies to a prompt at the end, in nats.</param>
public readonly record struct BanditResult(double Early, double Reward, double Entropy);

/// <summary>Plays and learns.</summary>
public static class BanditRun
{
    /// <summary>Replies to a prompt in each batch: the group.</summary>
    public const int Samples = 8;

    /// <summary>
    /// The first learning rate, the same for all: Adam takes the scale of a loss out of its steps. It falls by the
    /// optimiser's defaults.
    /// </summary>
    public const double Rate = 0.005;

    /// <summary>The network; more first spread than usual, so that so small a network learns at once.</summary>
    public static TransformerOptions Network =>
        new()
        {
            Width = 16,
            Layers = 1,
            Heads = 2,
            Context = 16,
            Deviation = 0.1,
            Device = DeviceChoice.Cpu,
            Tokenizer = new() { Vocabulary = Vocabulary.Specials.Count + 256 },
        };

    /// <summary>A run of so many batches. The seed decides first weights, samples and pay.</summary>
    public static BanditResult Of(BanditTask task, string advantage, string loss, int updates, ulong seed)
    {
        var weigher = Standard.Catalog.Advantages.Create(Pairings.Advantage(advantage));
        var learning = new UpdateRule(
            Standard.Catalog.Losses.Create(Pairings.Loss(loss)),
            new AdamWOptions { Rate = Rate }
        );
        var kind = new TransformerArchitecture(Network with { ValueHead = weigher.NeedsValues });
        using var model = kind.Create("student", RandomStream.Derive(seed, "weights"), [], [], learning, null);
        var early = 0.0;
        for (var update = 0; update < updates; update++)
        {
            if (update == updates / 3)
                early = Judge(task, model).Reward;
            var played = Play(task, model, update, seed);
            var (weights, targets) = (weigher.Weigh(played), weigher.Targets(played));
            model.Update(
                new TrainingBatch(
                    [.. played.Select((t, i) => t.RowOf(0, weights[i][0], targets?[i][0], i, i / Samples))],
                    played.Count,
                    played.Count,
                    (double)update / updates
                )
            );
        }
        var (reward, entropy) = Judge(task, model);
        return new(early, reward, entropy);
    }

    private static (double Reward, double Entropy) Judge(BanditTask task, ILanguageModel model)
    {
        var chances = model.MoveProbabilities([.. task.Questions.Select(q => (Ask(q), q.Replies))]);
        return (
            task.Questions.Select((q, i) => q.Pays.Select((p, r) => chances[i][r] * p.Mean).Sum()).Average(),
            chances.Average(p => p.Sum(x => x > 0 ? -x * Math.Log(x) : 0))
        );
    }

    private static ImmutableArray<Message> Ask(BanditQuestion question) => [new(Speaker.User, question.Prompt)];

    // One batch of trajectories, each a game of one reply; a prompt's replies are a group.
    private static List<Trajectory> Play(BanditTask task, ILanguageModel model, int update, ulong seed)
    {
        for (var i = 0; i < task.Questions.Length * Samples; i++)
        {
            var question = task.Questions[i / Samples];
            model.Add(
                new SequenceRequest
                {
                    Id = i,
                    Messages = Ask(question),
                    Legal = question.Replies,
                    Seed = RandomStream.Derive(seed, "reply", update, i),
                    Budget = 4,
                }
            );
        }
        var finished = new List<SequenceResult>();
        while (model.Active > 0)
            model.Step(finished);
        return
        [
            .. finished
                .OrderBy(f => f.Id)
                .Select(f =>
                {
                    var question = task.Questions[(int)f.Id / Samples];
                    var pay = question.Pays[question.Replies.IndexOf(f.Said.Text)];
                    var paid =
                        new RandomStream(RandomStream.Derive(seed, "pay", update, f.Id)).NextDouble() < pay.Chance;
                    return new Trajectory
                    {
                        GameNumber = update * (long)task.Questions.Length * Samples + f.Id,
                        Game = task.Name,
                        Seat = 0,
                        Role = question.Role,
                        Group = update * (long)task.Questions.Length + f.Id / Samples,
                        Steps = [new TrajectoryStep(0, f.Said, false)],
                        Reward = paid ? pay.Amount : 0,
                        Outcome = OutcomeKind.Finished,
                    };
                }),
        ];
    }
}
