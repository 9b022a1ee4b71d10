// Watches the figures of updates for the known ways in which self-play goes wrong, and says early what moved and where
// to look.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>A gauge that left its bounds.</summary>
/// <param name="Gauge">Its name.</param>
/// <param name="Update">When.</param>
/// <param name="Then">What is to be done.</param>
/// <param name="Text">What happened, what moved first, where to look.</param>
public sealed record Breach(string Gauge, int Update, Alarm Then, string Text);

/// <summary>The gauges of one learner. Pure: its state is saved with the checkpoint.</summary>
public sealed class Health
{
    /// <summary>What is watched unless the scenario says otherwise: it warns, and stops nothing.</summary>
    public static ImmutableSortedDictionary<string, GaugeSpec> Standard { get; } =
        new Dictionary<string, GaugeSpec>
        {
            ["clip-share"] = new()
            {
                AtMost = 0.5,
                Look = "most ratios are clipped: lower optimizer.rate, loss.epochs or learn.max-staleness",
            },
            ["distinct-replies"] = new()
            {
                AtLeast = 0.02,
                Look =
                    "nearly all free replies are the same text: raise loss.entropy or the policy's temperature, and see whether a constant answer is paid",
            },
            ["entropy"] = new()
            {
                AtLeastOfStart = 0.01,
                Look = "play has become deterministic: raise loss.entropy or loss.kl, or let the rate fall sooner",
            },
            ["gap-max"] = new()
            {
                AtMost = 0.5,
                Keep = 0,
                Look =
                    "sampler and trainer disagree about the same tokens: that is a defect, report it with the run's folder",
            },
            ["gradient-norm"] = new()
            {
                AtMostOfStart = 100,
                Look = "the gradient explodes: lower optimizer.rate or set optimizer.clip",
            },
            ["invalid-rate"] = new()
            {
                AtMost = 0.5,
                After = 100,
                Look =
                    "half of the replies cannot be read: see roles' format, run.tokens-per-turn and what forfeits pay",
            },
            ["reply-length"] = new()
            {
                AtLeastOfStart = 0.25,
                Look =
                    "replies shrink (thinking collapse): use a role-conditioned baseline (rae), a pull to a reference (loss.kl), and no reward for brevity",
            },
            ["truncated-rate"] = new()
            {
                AtMost = 0.5,
                Look = "half of the games are cut by a limit: raise run.turns-per-game or run.tokens-per-game",
            },
            ["zero-variance-groups"] = new()
            {
                AtMost = 0.95,
                Look =
                    "the members of nearly every group earn the same, so nothing is learned: change the tasks' difficulty, the group's size, or grade the reward",
            },
            ["zero-weight-rate"] = new()
            {
                AtMost = 0.98,
                Look =
                    "nearly every weight is zero, so the loss is: see whether rewards differ at all (reward/… in metrics.jsonl)",
            },
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private sealed class Gauge(GaugeSpec spec)
    {
        public GaugeSpec Spec => spec;

        public double Mean { get; set; } = double.NaN;

        public double Start { get; set; } = double.NaN;

        public int Seen { get; set; }

        public int BrokenAt { get; set; } = -1;
    }

    private readonly SortedDictionary<string, Gauge> _gauges = new(StringComparer.Ordinal);

    /// <summary>The standard gauges with the scenario's laid over them, by name.</summary>
    /// <exception cref="ArgumentException">A gauge has no bound, or contradicts itself.</exception>
    public Health(ImmutableSortedDictionary<string, GaugeSpec> own)
    {
        foreach (var (name, spec) in Standard.SetItems(own))
        {
            if (spec.Then == Alarm.Off)
                continue;
            if (spec is { AtLeast: null, AtMost: null, AtLeastOfStart: null, AtMostOfStart: null })
                throw new ArgumentException(
                    $"{name} has no bound. Give it at-least, at-most, at-least-of-start or at-most-of-start, or then = off."
                );
            if (spec.Keep is not (>= 0 and < 1))
                throw new ArgumentException($"{name}.keep is {spec.Keep}; it should lie in [0, 1).");
            if (spec.AtLeast > spec.AtMost)
                throw new ArgumentException($"{name}: at-least {spec.AtLeast} is above at-most {spec.AtMost}.");
            _gauges.Add(name, new Gauge(spec));
        }
    }

    /// <summary>Takes in an update's figures; the gauges that left their bounds with it, each reported once.</summary>
    public IReadOnlyList<Breach> Observe(int update, IReadOnlyDictionary<string, double> figures)
    {
        var breaches = new List<Breach>();
        foreach (var (name, gauge) in _gauges)
        {
            if (!figures.TryGetValue(gauge.Spec.Metric ?? name, out var value) || !double.IsFinite(value))
                continue;
            gauge.Mean = gauge.Seen++ == 0 ? value : gauge.Spec.Keep * gauge.Mean + (1 - gauge.Spec.Keep) * value;
            if (gauge.Seen <= gauge.Spec.After)
                continue;
            if (double.IsNaN(gauge.Start))
                gauge.Start = gauge.Mean;
            if (gauge.BrokenAt >= 0 || Fault(gauge) is not { } fault)
                continue;
            gauge.BrokenAt = update;
            breaches.Add(new Breach(name, update, gauge.Spec.Then, Tell(name, update, gauge, fault)));
        }
        return breaches;
    }

    /// <summary>The state, for the checkpoint.</summary>
    public JsonObject Save()
    {
        var saved = new JsonObject();
        foreach (var (name, gauge) in _gauges)
            if (gauge.Seen > 0)
                saved[name] = new JsonArray(
                    gauge.Mean,
                    double.IsNaN(gauge.Start) ? null : gauge.Start,
                    gauge.Seen,
                    gauge.BrokenAt
                );
        return saved;
    }

    /// <summary>Restores what <see cref="Save"/> returned; null forgets all.</summary>
    public void Load(JsonNode? state)
    {
        foreach (var (name, gauge) in _gauges)
        {
            var saved = state?[name] as JsonArray;
            gauge.Mean = saved?[0]!.GetValue<double>() ?? double.NaN;
            gauge.Start = saved?[1]?.GetValue<double>() ?? double.NaN;
            gauge.Seen = saved?[2]!.GetValue<int>() ?? 0;
            gauge.BrokenAt = saved?[3]!.GetValue<int>() ?? -1;
        }
    }

    private static string? Fault(Gauge gauge)
    {
        var (spec, mean, start) = (gauge.Spec, gauge.Mean, gauge.Start);
        if (mean < spec.AtLeast)
            return $"below {Number(spec.AtLeast.Value)}";
        if (mean > spec.AtMost)
            return $"above {Number(spec.AtMost.Value)}";
        if (start > 0 && spec.AtLeastOfStart is { } share && mean < share * start)
            return $"below {Number(share)} of the {Number(start)} it began at";
        if (start > 0 && spec.AtMostOfStart is { } times && mean > times * start)
            return $"above {Number(times)} times the {Number(start)} it began at";
        return null;
    }

    private string Tell(string name, int update, Gauge gauge, string fault)
    {
        var before = _gauges
            .Where(g => g.Key != name && g.Value.BrokenAt >= 0)
            .OrderBy(g => g.Value.BrokenAt)
            .Select(g => $"{g.Key} (update {g.Value.BrokenAt})")
            .ToArray();
        var first =
            before.Length == 0 ? "It is the first gauge to move." : $"Before it moved: {string.Join(", ", before)}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"health.{name}: {Number(gauge.Mean)} at update {update} is {fault}. {first}{(gauge.Spec.Look is { } look ? $" Look here: {look}." : "")}"
        );
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
