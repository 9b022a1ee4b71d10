// One game without any model, state by state: for people who learn a game, and for the golden files that hold its rules
// still.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;

namespace AgentArena.Core.Play;

/// <summary>
/// A state and the move made in it. <paramref name="Open"/> are all turns open there; the move answers the first of
/// them.
/// </summary>
public sealed record PlaythroughStep(ImmutableArray<Turn> Open, string Move)
{
    /// <summary>The turn that the move answers.</summary>
    public Turn Turn => Open[0];
}

/// <summary>
/// A game from its start. Chance is a move like any other; where several turns are open, the lowest seat answers first.
/// <paramref name="Open"/> are the turns still open at the end, <paramref name="Outcome"/> is null where there are any.
/// </summary>
public sealed record Playthrough(
    GameFacts Facts,
    ulong Seed,
    ImmutableArray<PlaythroughStep> Steps,
    ImmutableArray<Turn> Open,
    Outcome? Outcome
)
{
    /// <summary>
    /// Plays <paramref name="moves"/> and stops after the last of them; without a list, plays to the end at random.
    /// </summary>
    /// <exception cref="ScenarioException">A move is not legal where it comes, or comes after the end.</exception>
    public static Playthrough Run(Game game, ulong seed, IReadOnlyList<string>? moves = null)
    {
        var state = game.Start(new GameSetup(seed));
        var stream = new RandomStream(RandomStream.Derive(seed, "playthrough"));
        var steps = ImmutableArray.CreateBuilder<PlaythroughStep>();
        while (game.Turns(state) is { IsEmpty: false } open && (moves is null || steps.Count < moves.Count))
        {
            var move = moves is null
                ? Game.Sample(open[0], ref stream)
                : Checked(game, state, open[0], moves[steps.Count].Trim(), steps.Count);
            state = game.Play(state, open[0], move);
            steps.Add(new PlaythroughStep(open, move.Text));
        }
        if (moves is not null && steps.Count < moves.Count)
            throw Mistaken(
                game,
                steps.Count,
                moves[steps.Count],
                $"the game is over after {steps.Count} moves. Leave out what follows."
            );
        return new Playthrough(game.Facts, seed, steps.ToImmutable(), game.Turns(state), game.Outcome(state));
    }

    /// <summary>For people; also the form of the golden files.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"game: {Facts.Name}\nsummary: {Facts.Summary}\nseats: {string.Join(", ", Facts.Roles)}\nseed: {Seed}\n"
        );
        var told = new HashSet<int>();
        foreach (var step in Steps)
        {
            Show(text, step.Open, told);
            text.Append("> ").Append(step.Move).Append('\n');
        }
        if (!Open.IsEmpty)
        {
            Show(text, Open, told);
            text.Append("> …\n");
        }
        else
            text.Append('\n').Append(Describe(Outcome!));
        return text.ToString();
    }

    /// <summary>
    /// <c>{"game", "seed", "steps": [{"seat", "legal", "move", "observations": {seat: {part: text}}}], "open",
    /// "returns"}</c>; returns are null before the end, legal is null where answers are free text.
    /// </summary>
    public JsonObject ToJson() =>
        new()
        {
            ["game"] = Facts.Name,
            ["seed"] = Seed,
            ["steps"] = new JsonArray([
                .. Steps.Select(step => new JsonObject
                {
                    ["seat"] = step.Turn.Seat,
                    ["legal"] = Legal(step.Turn),
                    ["move"] = step.Move,
                    ["observations"] = Observations(step.Open),
                }),
            ]),
            ["open"] = new JsonArray([
                .. Open.Select(turn => new JsonObject
                {
                    ["seat"] = turn.Seat,
                    ["legal"] = Legal(turn),
                    ["observations"] = Observations([turn]),
                }),
            ]),
            ["returns"] = Outcome is null ? null : new JsonArray([.. Outcome.Payoffs.Select(p => JsonValue.Create(p))]),
        };

    /// <summary>An outcome in a line or two.</summary>
    internal static string Describe(Outcome outcome)
    {
        var text = new StringBuilder(OptionsBinder.Kebab(outcome.Kind.ToString()));
        if (outcome.Note is { } note)
            text.Append(": ").Append(EpisodeText.Visible(note));
        text.Append('\n');
        if (!outcome.Payoffs.IsEmpty)
            text.Append("returns: ")
                .AppendJoin(", ", outcome.Payoffs.Select(p => p.ToString("0.######", CultureInfo.InvariantCulture)))
                .Append('\n');
        foreach (var (name, value) in outcome.Measures)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value:0.######}\n");
        return text.ToString();
    }

    /// <summary>Observation parts as indented lines; the rules are told to each seat once.</summary>
    internal static void Show(StringBuilder text, Turn turn, HashSet<int> told)
    {
        foreach (var part in turn.Observation)
        {
            if (part.Kind == ObservationKind.Task && !told.Add(turn.Seat))
                continue;
            text.Append("  ").Append(OptionsBinder.Kebab(part.Kind.ToString())).Append(':');
            // others' words are hostile input to a terminal
            var lines = part.Text.Split('\n').Select(EpisodeText.Spelled).ToArray();
            if (lines.Length == 1)
                text.Append(lines[0].Length > 0 ? " " : "").Append(lines[0]).Append('\n');
            else
                text.Append("\n    ").AppendJoin("\n    ", lines).Append('\n');
        }
    }

    private static void Show(StringBuilder text, ImmutableArray<Turn> open, HashSet<int> told)
    {
        foreach (var turn in open)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nturn {turn.Id}: {(turn.IsChance ? "chance" : $"seat {turn.Seat} ({turn.Role})")}"
            );
            if (turn.InformationState is { } key)
                text.Append(", knows ").Append(key);
            text.Append('\n');
            Show(text, turn, told);
            var legal =
                !turn.HasLegal ? "any text"
                : turn.IsChance
                    ? string.Join(
                        ", ",
                        turn.Legal.Select(
                            (move, i) =>
                                string.Create(CultureInfo.InvariantCulture, $"{move} ({turn.Probabilities[i]:0.####})")
                        )
                    )
                : string.Join(", ", turn.Legal);
            text.Append("  legal: ").Append(legal).Append('\n');
        }
    }

    private static JsonArray? Legal(Turn turn) =>
        turn.HasLegal ? new JsonArray([.. turn.Legal.Select(m => JsonValue.Create(m))]) : null;

    private static JsonObject Observations(ImmutableArray<Turn> open)
    {
        var seats = new JsonObject();
        foreach (var turn in open.Where(t => !t.IsChance))
        {
            var parts = new JsonObject();
            foreach (var part in turn.Observation)
                parts[OptionsBinder.Kebab(part.Kind.ToString())] = part.Text;
            seats[turn.Seat.ToString(CultureInfo.InvariantCulture)] = parts;
        }
        return seats;
    }

    private static Move Checked(Game game, GameState state, Turn turn, string text, int index)
    {
        var move = turn.IsChance ? new Move(text) : game.Read(turn, text);
        if (move is { } read && game.Check(state, turn, read) is not { } fault)
            return read;
        var who = turn.IsChance ? "chance" : $"seat {turn.Seat}";
        var right =
            turn.HasLegal ? $"{who} can {(turn.IsChance ? "draw" : "answer")}: {string.Join(", ", turn.Legal)}."
            : move is { } m ? game.Check(state, turn, m)
            : $"{who} cannot answer so.";
        throw Mistaken(game, index, text, $"is not legal here; {right}");
    }

    private static ScenarioException Mistaken(Game game, int index, string move, string what) =>
        new([new Mistake($"{game.Facts.Name}: move {index + 1} '{move}'", what)]);
}
