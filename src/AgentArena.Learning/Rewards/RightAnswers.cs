// Where a game keeps its right answer, for rewards that compare with it.
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>The right answers of a game that knows any.</summary>
public static class RightAnswers
{
    /// <summary>
    /// A field of the task's JSON (dots between levels) that holds one or a list of them, or, unnamed, those of the
    /// turn that was answered; empty where there is none.
    /// </summary>
    public static ImmutableArray<string> Of(Episode episode, Reply reply, string field)
    {
        if (field.Length > 0)
            return OfTask(episode.Started.Setup.Task, field);
        foreach (var step in episode.Steps)
            if (step.Turn.Id == reply.Turn)
                return step.Turn.Gold;
        return [];
    }

    private static ImmutableArray<string> OfTask(string? task, string field)
    {
        if (task is null)
            return [];
        try
        {
            var node = JsonNode.Parse(task);
            foreach (var key in field.Split('.'))
                node = (node as JsonObject)?[key];
            return node switch
            {
                null => [],
                JsonArray many => [.. many.Select(n => n?.ToString() ?? "")],
                _ => [node.ToString()],
            };
        }
        catch (JsonException)
        {
            return []; // the task is the game's own text; where it is no JSON it has no fields
        }
    }
}
