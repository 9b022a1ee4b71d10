// From games to what must be measured of them, and back. Knows which ids were recorded; asks no model itself.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Learning.Rewards;

namespace AgentArena.Actors;

/// <summary>The games of one update, and what a policy's rewards want measured of them.</summary>
internal sealed class LogProbQueries
{
    private readonly List<(long Game, Measurement Wanted)> _wanted = [];

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="policy">The policy that learns, and is asked.</param>
    /// <param name="games">The games' events.</param>
    public LogProbQueries(
        BoundScenario ground,
        string policy,
        ImmutableArray<(long Number, ImmutableArray<GameEvent> Events)> games
    )
    {
        Games = games;
        var questions = ImmutableArray.CreateBuilder<TextQuestion>();
        foreach (var (number, events) in games)
        {
            var episode = new Episode(number, ground.Games[((GameStarted)events[0]).Game], events);
            foreach (var wanted in ground.Wants(episode, policy))
            {
                if (Reply.Of(episode, wanted.Seat) is not [.., { Said: { } said }] || said.Tokens.IsEmpty)
                    continue;
                _wanted.Add((number, wanted));
                questions.Add(QuestionOf(wanted, said));
            }
        }
        Questions = questions.ToImmutable();
    }

    /// <summary>The games' events, without what is measured.</summary>
    public ImmutableArray<(long Number, ImmutableArray<GameEvent> Events)> Games { get; }

    /// <summary>What the model is asked.</summary>
    public ImmutableArray<TextQuestion> Questions { get; }

    /// <summary>Its answers, by game.</summary>
    public ImmutableArray<GameMeasured> Of(ImmutableArray<float[]> values) =>
        [
            .. _wanted
                .Zip(values)
                .GroupBy(a => a.First.Game)
                .Select(g => new GameMeasured(
                    g.Key,
                    [
                        .. g.Select(a => new Measured(
                            a.First.Wanted.Name,
                            a.First.Wanted.Seat,
                            [.. a.Second.Select(v => (double)v)]
                        )),
                    ]
                )),
        ];

    /// <summary>The games' events, with what was measured of each at its end.</summary>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> With(ImmutableArray<GameMeasured> measured)
    {
        var values = measured.ToDictionary(g => g.Game, g => g.Values);
        return Games.Select(g => (g.Number, g.Events.AddRange(values.GetValueOrDefault(g.Number, []))));
    }

    private static TextQuestion QuestionOf(Measurement wanted, Utterance said)
    {
        var own = wanted.Text is null;
        return new TextQuestion
        {
            Prompt =
                !wanted.Prompted ? []
                : wanted.After ? said.Prompt.AddRange(said.Tokens)
                : said.Prompt,
            Hint = wanted.Hint,
            Given = wanted.Given,
            Text = wanted.Text,
            Tokens = own ? said.Tokens : [],
            Allowed = own ? said.Allowed : default,
            Certainty = wanted.Certainty,
        };
    }
}
