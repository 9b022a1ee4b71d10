// What a person sees while a run is on: a live screen on a terminal, a line every few seconds elsewhere.
using System.Globalization;
using System.Text;
using AgentArena.Actors;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentArena.Cli.Views;

/// <summary>A view of a run; disposing it draws the last state and ends it.</summary>
internal abstract class RunView : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly RunHistory _history;
    private Task _drawing = Task.CompletedTask;
    private (TimeSpan, int)? _began;

    private RunView(RunHistory history) => _history = history;

    /// <summary>Begins to show a run.</summary>
    public static RunView Of(RunHistory history, TextWriter to, bool terminal)
    {
        RunView view = terminal ? new Live(history, to) : new Plain(history, to);
        view._drawing = Task.Run(view.Draw);
        return view;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _drawing;
        _over.Dispose();
    }

    /// <summary>Draws until <see cref="Wait"/> is false.</summary>
    protected abstract Task Draw();

    /// <summary>Waits; false when the run is over.</summary>
    protected async Task<bool> Wait(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, TimeProvider.System, _over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private (
        RunProgress? Now,
        IReadOnlyDictionary<string, System.Collections.Immutable.ImmutableArray<double>> Curves,
        TimeSpan? Left
    ) Look()
    {
        var (now, curves) = _history.Look();
        if (now is { Updates: > 0 })
            _began ??= (now.Elapsed, now.Updates);
        return (now, curves, now is not null && _began is { } began ? RunHistory.Left(now, began) : null);
    }

    private static string Doing(Actors.Progress newest) =>
        newest switch
        {
            GamesPlayed => "playing",
            PolicyLoaded loaded => $"loaded {loaded.Policy}",
            UpdateMade made => $"learning {made.Policy}",
            PolicyEvaluated evaluated => $"evaluated {evaluated.Policy}",
            MatchmakerMeasured => "matchmaking",
            RemoteAnswered answered => $"asking {answered.Policy}",
            _ => "",
        };

    private static string Number(double value) =>
        Math.Abs(value) is >= 0.0001 or 0
            ? value.ToString(Math.Abs(value) < 10 ? "0.0000" : "0.0", CultureInfo.InvariantCulture)
            : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) =>
        span.TotalHours >= 1
            ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : span.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private sealed class Plain(RunHistory history, TextWriter to) : RunView(history)
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

        protected override async Task Draw()
        {
            while (await Wait(Every))
                Line();
        }

        private void Line()
        {
            var (now, curves, left) = Look();
            if (now is null)
                return;
            var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Span(now.Elapsed)}"));
            if (now.UpdatesPlanned > 0)
                line.Append($"  update {Count(now.Updates)}/{Count(now.UpdatesPlanned)}");
            line.Append(
                $"  games {Count(now.GamesFinished)} ({Count(now.GamesPerSecond)}/s, {Count(now.TokensPerSecond)} tokens/s)"
            );
            foreach (var name in RunHistory.Interesting(curves.Keys).Take(4))
                line.Append($"  {name} {Number(curves[name][^1])}");
            if (left is { } l)
                line.Append($"  left {Span(l)}");
            to.WriteLine(line.ToString());
        }
    }

    private sealed class Live(RunHistory history, TextWriter to) : RunView(history)
    {
        private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(150);
        private const int BarWidth = 40;

        protected override Task Draw()
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
            return console
                .Live(new Text("starting…"))
                .AutoClear(false)
                .StartAsync(async context =>
                {
                    bool more;
                    do
                    {
                        more = await Wait(Every);
                        context.UpdateTarget(Screen(console.Profile.Width));
                    } while (more);
                });
        }

        private IRenderable Screen(int width)
        {
            var (now, curves, left) = Look();
            if (now is null)
                return new Text("starting…");
            var rows = new List<IRenderable>();
            if (now.UpdatesPlanned > 0)
            {
                var share = Math.Clamp((double)now.Updates / now.UpdatesPlanned, 0, 1);
                var filled = (int)(share * BarWidth);
                rows.Add(
                    new Markup(
                        $"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] [bold]{share * 100:0.0} %[/]  update {Count(now.Updates)}/{Count(now.UpdatesPlanned)}  {Span(now.Elapsed)}{(left is { } l ? $", [bold]{Span(l)} left[/]" : "")}"
                    )
                );
            }
            rows.Add(
                new Markup(
                    $"{Count(now.GamesFinished)} games   [bold]{Count(now.GamesPerSecond)}[/] games/s   [bold]{Count(now.TokensPerSecond)}[/] tokens/s   [grey]{Markup.Escape(Doing(now.Newest))}[/]"
                )
            );
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("figure", "now", "curve");
            foreach (var name in RunHistory.Interesting(curves.Keys))
                table.AddRow(
                    new Text(name),
                    new Text(Number(curves[name][^1]), new Style(decoration: Decoration.Bold)),
                    new Text(
                        Sparkline.Of(curves[name], Math.Clamp(width - 44, 10, 60)),
                        new Style(name == "exploitability" ? Color.Yellow : Color.Blue)
                    )
                );
            rows.Add(table);
            return new Rows(rows);
        }
    }
}

/// <summary>The last words of a run.</summary>
internal static class Summary
{
    /// <summary>Says how it ended, what was reached, and what can be done with it.</summary>
    public static void Write(TextWriter to, RunResult result, RunHistory history, string folder, bool goesOn)
    {
        var (invariant, seconds) = (CultureInfo.InvariantCulture, result.Elapsed.TotalSeconds);
        to.WriteLine(
            string.Create(
                invariant,
                $"{result.Reason}: {result.Games:#,0} games and {result.Updates:#,0} updates in {seconds:0.0} s ({(seconds > 0 ? result.Games / seconds : 0):#,0} games/s)"
            )
        );
        var curves = history.Look().Curves;
        foreach (var name in RunHistory.Interesting(result.Metrics.Keys))
            to.WriteLine(
                string.Create(
                    invariant,
                    $"  {name, -28} {result.Metrics[name], 10:0.0000}  {(curves.TryGetValue(name, out var curve) ? Sparkline.Of(curve, 60) : "")}"
                )
            );
        if (goesOn)
            to.WriteLine($"go on:   ./arena resume {folder}");
        to.WriteLine($"replay:  ./arena replay {folder} 0\nmeasure: ./arena eval {folder}");
    }
}
