// A person at a terminal or behind a pipe: shown what the seat sees, one line an answer. Knows no run.
using System.Globalization;
using AgentArena.Actors;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Play;

/// <summary>
/// Reads answers from a text reader. The end of the text, <c>quit</c> and <c>exit</c> leave the game; <c>moves</c>
/// lists what is legal.
/// </summary>
internal sealed class TerminalPerson(TextReader input, TextWriter output) : Person
{
    private bool _told;

    /// <inheritdoc/>
    public override async Task<string?> AnswerAsync(Turn turn, string? refusal, CancellationToken stop)
    {
        if (refusal is not null)
            output.WriteLine($"refused: {refusal}");
        else
            Show(turn);
        while (true)
        {
            output.Write($"{turn.Role}-{turn.Seat}> ");
            output.Flush();
            // Reading a terminal cannot be cancelled; whoever stops leaves the read behind.
            var line = await Task.Run(input.ReadLine, stop).WaitAsync(stop).ConfigureAwait(false);
            switch (line?.Trim())
            {
                case null or "quit" or "exit":
                    output.WriteLine();
                    return null;
                case "moves":
                    output.WriteLine(turn.HasLegal ? string.Join(", ", turn.Legal) : "any text may be an answer here");
                    break;
                case "":
                    break;
                case { } answer:
                    return answer;
            }
        }
    }

    private void Show(Turn turn)
    {
        output.WriteLine();
        foreach (var part in turn.Observation)
        {
            if (part.Kind == ObservationKind.Task && _told || part.Text.Length == 0)
                continue;
            if (part.Kind is ObservationKind.Transcript or ObservationKind.Notice)
                output.Write(part.Kind.ToString().ToLower(CultureInfo.InvariantCulture) + ": ");
            output.WriteLine(part.Text);
        }
        _told = true;
    }
}
