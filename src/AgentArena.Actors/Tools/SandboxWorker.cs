// One confined interpreter: frames to it, frames from it, its end. What comes back is hostile bytes: read bounded,
// believed never.
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentArena.Games.Python;

namespace AgentArena.Actors.Tools;

internal sealed class SandboxWorker : IAsyncDisposable
{
    private const int FrameOverhead = 13,
        MaxDetail = 1024,
        NoMemoryExit = 77,
        NoFilterExit = 78;

    private readonly Process _process;
    private readonly Stream _to;
    private readonly Stream _from;
    private readonly Task<string> _said;
    private readonly TimeProvider _time;

    private SandboxWorker(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        _to = process.StandardInput.BaseStream;
        _from = process.StandardOutput.BaseStream;
        _said = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The process on this side of the wall.</summary>
    public int ProcessId => _process.Id;

    /// <summary>
    /// Starts an interpreter and believes it only when it reports that it is process 1 of its namespace and that its
    /// filter of system calls holds.
    /// </summary>
    public static async Task<SandboxWorker> StartAsync(
        SandboxLaunch launch,
        int variant,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var worker = new SandboxWorker(await launch.StartAsync(variant).ConfigureAwait(false), time);
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
            var hello = (await worker.ReadAsync(1 << 16, both.Token).ConfigureAwait(false))[0];
            using var json = JsonDocument.Parse(hello);
            if (json.RootElement.GetProperty("filter").GetBoolean())
                return worker;
            await worker.DisposeAsync().ConfigureAwait(false);
            throw SandboxLaunch.DidNotStart(
                "the kernel does not hold the filter of system calls: " + json.RootElement.GetRawText()
            );
        }
        catch (Exception fault)
            when (fault is IOException or JsonException or KeyNotFoundException or OperationCanceledException)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            throw SandboxLaunch.DidNotStart(
                await worker._said.ConfigureAwait(false) is { Length: > 0 } said ? said : fault.Message
            );
        }
    }

    /// <summary>Runs a request. An exception means the worker is of no more use.</summary>
    public async Task<Execution> RunAsync(ExecutionRequest request, CancellationToken cancel)
    {
        var room = checked(request.Inputs.Length * (4 * request.Limits.OutputCharacters + MaxDetail + FrameOverhead));
        var frame = Write(request, room);
        await _to.WriteAsync(frame, cancel).ConfigureAwait(false);
        await _to.FlushAsync(cancel).ConfigureAwait(false);
        var parts = await ReadAsync(room + request.Limits.PrintedBytes + (1 << 17), cancel).ConfigureAwait(false);
        if (parts.Length != 3)
            throw new InvalidDataException("code executor: a malformed answer.");
        using var head = JsonDocument.Parse(parts[0]);
        return Read(request, head.RootElement, parts[1], parts[2]);
    }

    /// <summary>
    /// Ends the interpreter and all in its namespace; returns when it is reaped. It ends by itself when its input
    /// closes, also in the middle of a check; one that does not is killed with bubblewrap, and the kernel then kills
    /// the namespace.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _to.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(1), _time).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or IOException)
        {
            try
            {
                _process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It ended by itself after all.
            }
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }
        await _said.ConfigureAwait(false); // at its end nothing inside holds the other side of the pipe
        _process.Dispose();
    }

    private static byte[] Write(ExecutionRequest request, int room)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        buffer.GetSpan(4);
        buffer.Advance(4); // the length, once it is known
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("program", request.Program);
            json.WriteString("entry", request.Entry ?? "");
            json.WriteBoolean("names", request.OwnNames);
            json.WriteStartArray("inputs");
            foreach (var input in request.Inputs)
                json.WriteStringValue(input);
            json.WriteEndArray();
            json.WriteStartArray("order");
            for (var i = 0; i < request.Inputs.Length; i++)
                json.WriteNumberValue(request.Variant % 2 == 0 ? i : request.Inputs.Length - 1 - i);
            json.WriteEndArray();
            json.WriteNumber("room", room);
            json.WriteStartObject("limits");
            json.WriteNumber("cpu", request.Limits.CpuSeconds);
            json.WriteNumber("wall", request.Limits.WallSeconds);
            json.WriteNumber("memory", request.Limits.MemoryBytes);
            json.WriteNumber("output", request.Limits.OutputCharacters);
            json.WriteNumber("printed", request.Limits.PrintedBytes);
            json.WriteEndObject();
            json.WriteStartObject("rules");
            json.WriteStartArray("banned");
            foreach (var name in request.Rules.BannedModules)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteBoolean("single", request.Rules.SingleFunction);
            json.WriteBoolean("raise", request.Rules.AllowRaise);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        var frame = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - 4);
        return frame;
    }

    private async Task<byte[][]> ReadAsync(int most, CancellationToken cancel)
    {
        var size = new byte[4];
        await _from.ReadExactlyAsync(size, cancel).ConfigureAwait(false);
        var parts = new byte[
            BinaryPrimitives.ReadInt32LittleEndian(size) is > 0 and <= 3 and var count
                ? count
                : throw new InvalidDataException("code executor: a malformed answer.")
        ][];
        for (var i = 0; i < parts.Length; i++)
        {
            await _from.ReadExactlyAsync(size, cancel).ConfigureAwait(false);
            var length = BinaryPrimitives.ReadInt32LittleEndian(size);
            if (length < 0 || length > most)
                throw new InvalidDataException("code executor: an answer larger than allowed.");
            parts[i] = new byte[length];
            await _from.ReadExactlyAsync(parts[i], cancel).ConfigureAwait(false);
        }
        return parts;
    }

    private static Execution Read(ExecutionRequest request, JsonElement head, ReadOnlySpan<byte> frames, byte[] printed)
    {
        var calls = new CallResult?[request.Inputs.Length];
        while (frames.Length >= FrameOverhead)
        {
            var index = BinaryPrimitives.ReadUInt32LittleEndian(frames);
            var status = (CallStatus)frames[4];
            var (first, second) = (
                BinaryPrimitives.ReadUInt32LittleEndian(frames[5..]),
                BinaryPrimitives.ReadUInt32LittleEndian(frames[9..])
            );
            frames = frames[FrameOverhead..];
            if (first > frames.Length || second > frames.Length - first)
                break;
            var (one, two) = (Text(frames[..(int)first]), Text(frames[(int)first..(int)(first + second)]));
            frames = frames[(int)(first + second)..];
            if (index >= calls.Length || calls[index] is not null || status > CallStatus.Rejected)
                continue;
            if (two.Length > MaxDetail)
                two = two[..MaxDetail];
            calls[index] =
                status == CallStatus.Ok && one.Length > request.Limits.OutputCharacters
                    ? new(CallStatus.OutputLimit, null, null, "Its value's text is too long.")
                : status == CallStatus.Ok ? new(status, one, null, null)
                : new(
                    status,
                    null,
                    status == CallStatus.Error
                        ? one.Length > 100
                            ? one[..100]
                            : one
                        : null,
                    two
                );
        }
        var unfinished = Unfinished(request, head);
        return new([.. calls.Select(c => c ?? unfinished)], Text(printed), head.GetProperty("cpu").GetDouble());
    }

    // Why calls without a frame have none.
    private static CallResult Unfinished(ExecutionRequest request, JsonElement head)
    {
        int signal = head.GetProperty("signal").GetInt32(),
            code = head.GetProperty("code").GetInt32();
        return head.GetProperty("ending").GetString() switch
        {
            "wall" => new(CallStatus.Timeout, null, null, $"It ran past {request.Limits.WallSeconds} s of clock time."),
            "cpu" => new(
                CallStatus.Timeout,
                null,
                null,
                $"It ran past {request.Limits.CpuSeconds} s of processor time."
            ),
            "flood" => new(CallStatus.OutputLimit, null, null, "It wrote more results than it was asked for."),
            "printed" => new(
                CallStatus.OutputLimit,
                null,
                null,
                $"It printed more than {request.Limits.PrintedBytes} bytes."
            ),
            _ when code == NoFilterExit => throw new InvalidDataException(
                "code executor: a check ran without its filter."
            ),
            _ when code == NoMemoryExit => new(CallStatus.Memory, null, null, "It needed more memory than allowed."),
            _ when signal == 24 => new(
                CallStatus.Timeout,
                null,
                null,
                $"It ran past {request.Limits.CpuSeconds} s of processor time."
            ),
            _ when signal != 0 => new(
                CallStatus.Killed,
                null,
                null,
                $"Its process was ended by signal {signal}{(signal == 11 ? " (a crash; too deep a recursion is the usual cause)" : "")}."
            ),
            _ => new(CallStatus.Killed, null, null, $"It ended its process (exit code {code}) before it returned."),
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
