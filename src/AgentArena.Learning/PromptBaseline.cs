// A baseline per distinct prompt: in games whose positions recur, a value function without a network.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>
/// A(step) = R − b[game, seat, prompt], with b an exponential average of the returns seen at that prompt. All visits of
/// a batch are weighed by the baseline from before the batch (unbiased), then b ← k^n·b + (1 − k^n)·mean of its n
/// returns. A prompt's first batch sets b to that mean. Tabular Monte-Carlo value prediction (Sutton and Barto, 2nd
/// ed., 5.1, with a constant step size); useful where prompts recur, as in small games, and no help where they do not.
/// </summary>
public sealed class PromptBaseline(PromptBaseline.Options options) : Advantage
{
    /// <summary>Options of <see cref="PromptBaseline"/>.</summary>
    public sealed record Options
    {
        /// <summary>Weight k of the old value at each visit.</summary>
        public double Keep { get; init; } = 0.99;

        /// <summary>The most prompts kept; beyond it new prompts have baseline 0 and are not remembered.</summary>
        public int MostPrompts { get; init; } = 200_000;
    }

    private readonly Dictionary<Key, double> _values = new(KeyComparer.Instance);

    private readonly record struct Key(string Game, int Seat, ImmutableArray<int> Prompt);

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var seen = new Dictionary<Key, (double Sum, int Count)>(KeyComparer.Instance);
        var all = new float[batch.Count][][];
        for (var i = 0; i < all.Length; i++)
        {
            var trajectory = batch[i];
            var steps = all[i] = new float[trajectory.Steps.Length][];
            for (var s = 0; s < steps.Length; s++)
            {
                var said = trajectory.Steps[s].Said;
                var key = new Key(trajectory.Game, trajectory.Seat, said.Prompt);
                steps[s] = new float[said.Tokens.Length];
                steps[s].AsSpan().Fill((float)(trajectory.Reward - _values.GetValueOrDefault(key)));
                var (sum, count) = seen.GetValueOrDefault(key);
                seen[key] = (sum + trajectory.Reward, count + 1);
            }
        }
        foreach (var (key, (sum, count)) in seen)
        {
            var mean = sum / count;
            if (_values.TryGetValue(key, out var old))
            {
                var keep = Math.Pow(options.Keep, count);
                _values[key] = keep * old + (1 - keep) * mean;
            }
            else if (_values.Count < options.MostPrompts)
                _values.Add(key, mean);
        }
        return all;
    }

    /// <inheritdoc/>
    public override JsonNode Save() =>
        new JsonArray([
            .. _values.Select(v =>
                (JsonNode)
                    new JsonObject
                    {
                        ["game"] = v.Key.Game,
                        ["seat"] = v.Key.Seat,
                        ["prompt"] = string.Join(' ', v.Key.Prompt),
                        ["value"] = v.Value,
                    }
            ),
        ]);

    /// <inheritdoc/>
    public override void Load(JsonNode? state)
    {
        _values.Clear();
        if (state is not JsonArray rows)
            return;
        foreach (var row in rows)
        {
            ImmutableArray<int> prompt =
            [
                .. row!["prompt"]!
                    .GetValue<string>()
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(t => int.Parse(t, CultureInfo.InvariantCulture)),
            ];
            _values.Add(
                new Key(row["game"]!.GetValue<string>(), row["seat"]!.GetValue<int>(), prompt),
                row["value"]!.GetValue<double>()
            );
        }
    }

    private sealed class KeyComparer : IEqualityComparer<Key>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(Key x, Key y) =>
            x.Seat == y.Seat && x.Game == y.Game && x.Prompt.AsSpan().SequenceEqual(y.Prompt.AsSpan());

        public int GetHashCode(Key key)
        {
            var hash = new HashCode();
            hash.Add(key.Game, StringComparer.Ordinal);
            hash.Add(key.Seat);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(key.Prompt.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
