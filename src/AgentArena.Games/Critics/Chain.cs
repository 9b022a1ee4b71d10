// Arithmetic worked out step by step: a start, signed changes, and the values between. Knows numbers and their
// spelling, no game.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>
/// Which problems are played: a fixed eighth of them, by a hash of their text, is kept for measuring.
/// </summary>
public enum Split
{
    /// <summary>All but the kept ones.</summary>
    Train,

    /// <summary>The kept ones alone.</summary>
    Test,

    /// <summary>All.</summary>
    All,
}

/// <summary>
/// A problem <c>03+4+5-6</c> whose solution is written <c>03+4=07;07+5=12;12-6=06;</c>. All values lie in 0 to
/// <paramref name="Largest"/>, all changes in ±1 to ±9. A solution with one wrong value goes on from that value by the
/// same changes, so that arithmetic alone gives it away; problem and split stay the same.
/// </summary>
public sealed record Chain(int Start, ImmutableArray<int> Changes, int Largest)
{
    /// <summary>The most steps: with more, there may be no room for an error in the first.</summary>
    public const int MostSteps = 4;

    /// <summary>The problem, e.g. <c>03+4+5-6</c>.</summary>
    public string Problem
    {
        get
        {
            var text = new StringBuilder(Spell(Start));
            foreach (var change in Changes)
                text.Append(CultureInfo.InvariantCulture, $"{(change < 0 ? '-' : '+')}{Math.Abs(change)}");
            return text.ToString();
        }
    }

    /// <summary>Whether the problem is one of the kept eighth.</summary>
    public bool HeldOut => RandomStream.Derive(0, Problem) % 8 == 0;

    /// <summary>The right value after each step.</summary>
    public ImmutableArray<int> Values
    {
        get
        {
            var values = ImmutableArray.CreateBuilder<int>(Changes.Length);
            var value = Start;
            foreach (var change in Changes)
                values.Add(value += change);
            return values.MoveToImmutable();
        }
    }

    /// <summary>
    /// The values after each step where <paramref name="value"/> was put after step <paramref name="step"/>.
    /// </summary>
    public ImmutableArray<int> With(int step, int value)
    {
        var values = Values;
        var shift = value - values[step];
        return [.. values.Select((v, i) => i < step ? v : v + shift)];
    }

    /// <summary>
    /// What may stand after a step so that every later value still lies in the range, lowest and highest.
    /// </summary>
    public (int Low, int High) Room(int step)
    {
        var (sum, least, most) = (0, 0, 0);
        foreach (var change in Changes.AsSpan()[(step + 1)..])
        {
            sum += change;
            (least, most) = (Math.Min(least, sum), Math.Max(most, sum));
        }
        return (-least, Largest - most);
    }

    /// <summary>The solution written out, up to and with as many steps as there are values.</summary>
    public string Write(IEnumerable<int> values)
    {
        var text = new StringBuilder();
        var (before, step) = (Start, 0);
        foreach (var value in values)
        {
            text.Append(Left(step++, before)).Append(Spell(value)).Append(';');
            before = value;
        }
        return text.ToString();
    }

    /// <summary>A step without its value, e.g. <c>07+5=</c>.</summary>
    public string Left(int step, int before) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Spell(before)}{(Changes[step] < 0 ? '-' : '+')}{Math.Abs(Changes[step])}="
        );

    /// <summary>Two digits.</summary>
    public static string Spell(int value) => value.ToString("00", CultureInfo.InvariantCulture);

    /// <summary>A problem of a split, every allowed change alike at each step.</summary>
    public static Chain Draw(ref RandomStream stream, int steps, int largest, Split split)
    {
        while (true)
        {
            var start = stream.Next(largest + 1);
            var changes = ImmutableArray.CreateBuilder<int>(steps);
            for (var (step, value) = (0, start); step < steps; step++)
            {
                var (down, up) = (Math.Min(9, value), Math.Min(9, largest - value));
                var drawn = stream.Next(down + up);
                changes.Add(drawn < down ? drawn - down : drawn - down + 1);
                value += changes[step];
            }
            var chain = new Chain(start, changes.MoveToImmutable(), largest);
            if (split == Split.All || chain.HeldOut == (split == Split.Test))
                return chain;
        }
    }

    /// <summary>The problem in a game's <see cref="GameSetup.Task"/>, <c>{"start":3,"changes":[4,5,-6]}</c>.</summary>
    /// <exception cref="InvalidOperationException">It is no such JSON, or leaves the range.</exception>
    public static Chain Read(string task, int largest)
    {
        try
        {
            var given = JsonSerializer.Deserialize<Given>(task, JsonSerializerOptions.Web)
                ?? throw new JsonException("null");
            var chain = new Chain(given.Start, [.. given.Changes], largest);
            if (
                given.Changes.Length is > 0 and <= MostSteps
                && chain.Changes.All(c => Math.Abs(c) is >= 1 and <= 9)
                && chain.Values.Add(given.Start).All(v => v >= 0 && v <= largest)
            )
                return chain;
            throw new JsonException("out of range");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"task '{task}': is no arithmetic chain ({e.Message}). Give {{\"start\":3,\"changes\":[4,5,-6]}} with values from 0 to {largest} and one to {MostSteps} changes from 1 to 9 either way.",
                e
            );
        }
    }

    private sealed record Given(int Start, int[] Changes);
}
