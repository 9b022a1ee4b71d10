// Pairs of answers to one question, the better and the worse: what preference learning elsewhere wants. A fold of
// episodes; needs no model.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Play;

/// <summary>
/// Answers are compared within a group: seats of one role in one game, or in the games of one comparison group. The
/// same words must have been asked; of each question the best and the worst answer make a pair where their rewards
/// differ.
/// </summary>
internal sealed class Preferences(BoundScenario ground)
{
    private sealed record Answer(string Text, double Reward, long Game, int Seat);

    private readonly SortedDictionary<long, Dictionary<string, List<Answer>>> _open = [];

    /// <summary>Takes in a game; the pairs of groups that hold no other game come back at once.</summary>
    public IEnumerable<JsonObject> Take(Episode episode)
    {
        if (episode.Outcome is not { IsScored: true })
            return [];
        var rewards = ground.Score(episode);
        var group = episode.Started.Setup.Group ?? episode.Number;
        if (!_open.TryGetValue(group, out var questions))
            _open.Add(group, questions = new(StringComparer.Ordinal));
        var spoken = new HashSet<int>();
        foreach (var step in episode.Steps)
        {
            // Only a seat's first words answer what the others were asked too.
            if (
                step is not { Said: { } said, Turn: { } turn }
                || !spoken.Add(turn.Seat)
                || double.IsNaN(rewards[turn.Seat])
            )
                continue;
            var question = Asked(ground.Roles[turn.Role].Render(turn, first: true)).ToJsonString(EventJson.Options);
            if (!questions.TryGetValue(question, out var answers))
                questions.Add(question, answers = []);
            answers.Add(new Answer(said.Text, rewards[turn.Seat], episode.Number, turn.Seat));
        }
        return episode.Started.Setup.Group is null ? Close(group) : [];
    }

    /// <summary>The pairs of all groups that are still open.</summary>
    public IEnumerable<JsonObject> Rest() => [.. _open.Keys.ToArray().SelectMany(Close)];

    private JsonObject[] Close(long group)
    {
        _open.Remove(group, out var questions);
        return [.. questions!.Where(q => q.Value.Count > 1).Select(q => Pair(q.Key, q.Value)).OfType<JsonObject>()];
    }

    private static JsonObject? Pair(string question, List<Answer> answers)
    {
        var (best, worst) = (answers.MaxBy(a => a.Reward)!, answers.MinBy(a => a.Reward)!);
        return best.Reward <= worst.Reward || best.Text == worst.Text
            ? null
            : new JsonObject
            {
                ["messages"] = JsonNode.Parse(question),
                ["chosen"] = best.Text,
                ["rejected"] = worst.Text,
                ["margin"] = best.Reward - worst.Reward,
                ["chosen-from"] = new JsonArray(best.Game, best.Seat),
                ["rejected-from"] = new JsonArray(worst.Game, worst.Seat),
            };
    }

    private static JsonArray Asked(ImmutableArray<Message> messages) =>
        new([
            .. messages.Select(m => new JsonObject
            {
                ["role"] = OptionsBinder.Kebab(m.Speaker.ToString()),
                ["content"] = m.Text,
            }),
        ]);
}
