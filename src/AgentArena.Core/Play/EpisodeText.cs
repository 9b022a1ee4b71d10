// A finished or running game as a person would want to read it: what each seat saw, said and how likely it was to say
// it.
using System.Globalization;
using System.Text;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>The reading text of an episode.</summary>
public static class EpisodeText
{
    /// <summary>
    /// The whole game. What models said is shown with control characters made visible: it is hostile input to a
    /// terminal too.
    /// </summary>
    public static string Write(Episode episode)
    {
        var text = new StringBuilder();
        var (game, started) = (episode.Game, episode.Started);
        text.Append(
            CultureInfo.InvariantCulture,
            $"game {episode.Number}: {started.Game}, seed {started.Setup.Seed}\n"
        );
        for (var seat = 0; seat < started.Seats.Length; seat++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"seat {seat} ({game.Facts.Roles[seat]}): {started.Seats[seat]}\n"
            );
        if (started.Setup.Task is { } task)
            text.Append("task: ").Append(Visible(task)).Append('\n');
        if (!started.Chance.IsEmpty)
            text.Append("chance: ").AppendJoin(", ", started.Chance).Append('\n');

        var told = new HashSet<int>();
        Turn? asked = null;
        foreach (var step in episode.Steps)
        {
            if (asked?.Id != step.Turn.Id)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\nturn {step.Turn.Id}, seat {step.Turn.Seat} ({step.Turn.Role})\n"
                );
                Playthrough.Show(text, step.Turn, told);
            }
            asked = step.Turn;
            Answer(text, step);
        }
        foreach (var measured in episode.Events.OfType<Measured>())
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nmeasured {measured.Name} of seat {measured.Seat}: {string.Join(", ", measured.Values.Select(v => v.ToString("0.####", CultureInfo.InvariantCulture)))}"
            );
        text.Append('\n')
            .Append(episode.Outcome is { } outcome ? Playthrough.Describe(outcome) : "the game is still running\n");
        return text.ToString();
    }

    /// <summary>
    /// How likely the policy was to say exactly this: exp of the summed log-probabilities; NaN where none were
    /// recorded.
    /// </summary>
    public static double Likelihood(Utterance said)
    {
        if (said.LogProbs.IsDefaultOrEmpty)
            return double.NaN;
        double sum = 0;
        foreach (var p in said.LogProbs)
            sum += p;
        return Math.Exp(sum);
    }

    private static void Answer(StringBuilder text, EpisodeStep step)
    {
        if (step.Event is MoveMade { Tools: { IsDefaultOrEmpty: false } tools })
            foreach (var call in tools)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  tool {call.Tool}: {Visible(call.Input)} -> {Visible(call.Output)}\n"
                );
        if (step.Said is { } said)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {said.Policy}@{said.Version} said: {Visible(said.Text)}");
            var p = Likelihood(said);
            if (!double.IsNaN(p))
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"   [p = {p:0.####}, {said.Tokens.Length} tokens{(said.Truncated ? ", cut" : "")}]"
                );
            text.Append('\n');
        }
        switch (step.Event)
        {
            case MoveMade made:
                text.Append("> ").Append(Visible(made.Move)).Append('\n');
                if (!made.Chance.IsEmpty)
                    text.Append("chance: ").AppendJoin(", ", made.Chance).Append('\n');
                break;
            case MoveRefused refused:
                text.Append("x refused: ").Append(Visible(refused.Reason)).Append('\n');
                break;
            case SeatForfeited forfeited:
                text.Append("x forfeited: ").Append(Visible(forfeited.Reason)).Append('\n');
                break;
        }
    }

    /// <summary>
    /// Line breaks are kept as such, indented; everything else that could move a cursor is spelled out.
    /// </summary>
    internal static string Visible(string said) =>
        string.Join("\n    ", said.Trim().Replace("\r\n", "\n").Split('\n').Select(Spelled));

    /// <summary>A line with its control characters spelled out.</summary>
    internal static string Spelled(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                text.Append(rune);
        return text.ToString();
    }
}
