// arena pretrain: trains a model from nothing on text that the arena writes itself; run again, it goes on. What an
// update is, the models room knows.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Runs;
using AgentArena.Models;
using AgentArena.Models.Pretraining;

namespace AgentArena.Cli.Commands;

internal static class PretrainCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    public static Command Make(Door door)
    {
        var (file, set, time) = (Given.Scenario(), Given.Set(), Given.Time());
        var folder = new Option<string?>("--out")
        {
            Description = "The run's folder (default: what the file says, else runs/NAME). A run found there goes on.",
            HelpName = "DIR",
        };
        var command = new Command("pretrain", "Train a model from nothing on text that the arena writes itself.")
        {
            file,
            set,
            folder,
            time,
        };
        command.SetAction(parsed =>
        {
            var path = ScenarioReader.Find(parsed.GetValue(file)!);
            var (options, stream) = PretrainReader.Read(path, parsed.GetValue(set)!);
            var into = parsed.GetValue(folder)
                ?? (options.Out.Length > 0 ? options.Out : Path.Combine("runs", options.Name));
            Directory.CreateDirectory(into);
            using var interrupts = new Interrupts(
                door.Error,
                into,
                "The same command goes on from the newest checkpoint."
            );
            return new Run(door, options, stream, into).Go(parsed.GetValue(time), interrupts.Stop);
        });
        return command;
    }

    private sealed class Run(Door door, PretrainOptions options, DocumentStream stream, string folder)
    {
        private readonly string _log = Path.Combine(folder, "log.jsonl"),
            _figures = Path.Combine(folder, "held-out.jsonl");

        public int Go(TimeSpan? limit, CancellationToken stop)
        {
            var started = Stopwatch.GetTimestamp();
            using var pretrainer = Pretrainer.Open(options, stream, folder);
            Forget(_log, pretrainer.Place.Updates);
            Forget(_figures, pretrainer.Place.Updates);
            var place = pretrainer.Place;
            Say($"{options.Name}: {pretrainer.Count:N0} weights, {pretrainer.Tokenizer.Vocabulary.Count:N0} tokens");
            Say($"update {place.Updates:N0} of {options.Updates:N0}, in {folder}");
            while (!pretrainer.Finished && !stop.IsCancellationRequested)
            {
                if (limit is { } most && Stopwatch.GetElapsedTime(started) > most)
                    break;
                var step = pretrainer.Step();
                if (step.Update % options.LogEvery == 0)
                    Line(_log, step);
                if (step.Update % (options.LogEvery * 10) == 0)
                    Tell(step);
                if (step.Update % options.CheckpointEvery == 0)
                {
                    var saved = pretrainer.Save();
                    if (!pretrainer.Finished && step.Update / options.CheckpointEvery % options.Evaluation.Every == 0)
                        Measure(saved, step.Update);
                }
            }
            var newest = pretrainer.Save();
            if (!pretrainer.Finished)
            {
                Say($"stopped at update {pretrainer.Place.Updates:N0}; the same command goes on.");
                return stop.IsCancellationRequested ? Exit.Stopped : Exit.Done;
            }
            Export(pretrainer, Measure(newest, pretrainer.Place.Updates));
            return Exit.Done;
        }

        // The finished model twice: as a checkpoint that a scenario seats, and as a Hugging Face folder.
        private void Export(Pretrainer pretrainer, IReadOnlyList<HeldOutFigure> figures)
        {
            var (seated, model) = (Path.Combine(folder, "checkpoint"), Path.Combine(folder, "model"));
            foreach (var old in new[] { seated, model })
                if (Directory.Exists(old))
                    Directory.Delete(old, recursive: true);
            CheckpointFolder.Write(seated, into => pretrainer.Write(into, training: false));
            pretrainer.Export(
                model,
                ModelCard.Write(
                    options,
                    pretrainer.Place,
                    pretrainer.Count,
                    pretrainer.Tokenizer.Vocabulary.Count,
                    stream.Measured,
                    figures
                )
            );
            Say($"done: {seated} to seat in a scenario, {model} for everything else");
        }

        private List<HeldOutFigure> Measure(string checkpoint, int update)
        {
            var all = new List<HeldOutFigure>();
            if (options.Evaluation.Items == 0)
                return all;
            using var model = PretrainedModel.Load(options, checkpoint);
            var said = new List<string>();
            foreach (var family in stream.Measured)
            {
                var figures = HeldOut.Measure(
                    model,
                    stream,
                    family,
                    options.Evaluation.Items,
                    options.Evaluation.Longest
                );
                all.AddRange(figures);
                foreach (var figure in figures)
                    Line(
                        _figures,
                        new
                        {
                            update,
                            figure.Family,
                            figure.Kind,
                            figure.Items,
                            figure.Right,
                            figure.Cut,
                        }
                    );
                said.Add(string.Create(CultureInfo.InvariantCulture, $"{family.Name} {figures[0].Share:0.00}"));
            }
            Say($"held out at {update:N0}: {string.Join(", ", said)}");
            return all;
        }

        private void Tell(PretrainStep step)
        {
            var (tokens, minutes) = (step.Tokens / 1e6, step.Seconds / 60);
            Say($"update {step.Update:N0}/{options.Updates:N0}  loss {step.Loss:0.000}  {tokens:0.0}M tokens");
            Say($"  in {minutes:0.0} min, {step.TokensPerSecond:N0} tokens/s");
        }

        // What comes after a checkpoint that a run goes on from will be written again.
        private static void Forget(string file, int update)
        {
            if (!File.Exists(file))
                return;
            var kept = File.ReadAllLines(file).Where(l => UpdateOf(l) is { } of && of <= update).ToArray();
            File.WriteAllLines(file + ".tmp", kept);
            File.Move(file + ".tmp", file, overwrite: true);
        }

        private static int? UpdateOf(string line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                return json.RootElement.GetProperty("update").GetInt32();
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return null; // the last line of a run that was killed
            }
        }

        private static void Line<T>(string file, T value) =>
            File.AppendAllText(file, JsonSerializer.Serialize(value, Json) + "\n");

        private void Say(FormattableString text) => door.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
