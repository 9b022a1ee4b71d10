// The SQL journal's actor: serialises, hands rows to the group commit, replays through the reader, answers in order. Knows the
// journal protocol and how rows are made of events; refuses to know SQL.
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// The journal at <c>akka.persistence.journal.sql</c>. Writes of many actors share one transaction; a fault of storage fails every
/// write in it, an event that cannot be serialised or does not fit into <c>buffer-size</c> is rejected.
/// </summary>
public sealed class SqlWriteJournal : ActorBase
{
    private const int Tracked = 20_000;
    private readonly PayloadCodec _codec = new((ExtendedActorSystem)Context.System);
    private readonly Dictionary<string, long> _inFlight = new(StringComparer.Ordinal); // stream to the ticket of its last write
    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal);  // stream to its last refused number
    private readonly string _name = "";
    private readonly int _bufferRows;
    private readonly GroupCommit? _commit;
    private readonly ReaderThread<IEventReader>? _reader;
    private readonly Exception? _broken;
    private long _ticket;
    private long _settled;

    /// <summary>The journal of a configuration.</summary>
    public SqlWriteJournal(Config journalConfig)
    {
        var config = journalConfig.WithFallback(SqlPersistence.JournalDefaults);
        try
        {
            var store = SqlPersistence.StoreOf(config, "akka.persistence.journal.sql");
            _name = store.Name;
            _bufferRows = config.GetInt("buffer-size");
            _commit = new GroupCommit(store, Math.Max(1, config.GetInt("batch-size")), _bufferRows, config.GetTimeSpan("commit-interval"));
            _reader = new ReaderThread<IEventReader>("journal-reader", store.OpenReader);
        }
        catch (Exception e) when (e is StorageException or ConfigurationException or FormatException)
        {
            // An actor that waits for a dead journal waits for ever: this one lives, and says to each what is wrong.
            _broken = e;
            Context.GetLogger().Error(e, e.Message);
        }
    }

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                return true;
            case ReplayMessages replay:
                Replay(replay);
                return true;
            case DeleteMessagesTo delete:
                Delete(delete);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _commit?.Dispose();
        _reader?.Dispose();
        base.PostStop();
    }

    private void Write(WriteMessages write)
    {
        if (_broken is not null)
        {
            Outcomes.Tell(write, _broken, null);
            return;
        }

        var rows = new List<EventRow>();
        Exception?[]? rejections = null;
        var at = 0;
        var count = write.Messages is IReadOnlyCollection<IPersistentEnvelope> known ? known.Count : write.Messages.Count();
        foreach (var envelope in write.Messages)
        {
            if (envelope is not AtomicWrite atomic) continue;
            if (Rows(atomic, rows) is { } rejection) (rejections ??= new Exception?[count])[at] = rejection;
            at++;
        }

        var ticket = ++_ticket;
        var unit = new WriteUnit(rows, (_, fault) =>
        {
            Volatile.Write(ref _settled, ticket);
            Outcomes.Tell(write, fault, rejections);
        });
        if (_commit!.TryEnqueue(unit))
        {
            if (rows.Count > 0) Track(rows[0].PersistenceId, ticket);
            return;
        }

        Refuse(write, count);
    }

    /// <summary>Too much waits: this write is refused as a whole, in its turn.</summary>
    private void Refuse(WriteMessages write, int count)
    {
        var full = new StorageException($"{_name}: more than {_bufferRows} events wait to be written. The journal cannot keep up. Start fewer games at once, or raise buffer-size.");
        foreach (var atomic in write.Messages.OfType<AtomicWrite>()) _refused[atomic.PersistenceId] = atomic.HighestSequenceNr;
        _commit!.Enqueue(_ => Outcomes.Tell(write, null, Enumerable.Repeat<Exception?>(full, count).ToArray()));
    }

    /// <summary>Appends an atomic write's rows, or says why it cannot be stored.</summary>
    private Exception? Rows(AtomicWrite atomic, List<EventRow> rows)
    {
        var first = rows.Count;
        var now = DateTime.UtcNow.Ticks;
        try
        {
            foreach (var p in atomic.Events)
            {
                var tagged = p.Payload as Tagged;
                var (id, manifest, bytes) = _codec.Write(tagged?.Payload ?? p.Payload);
                rows.Add(new EventRow(p.PersistenceId, p.SequenceNr, now, bytes, id, manifest, p.WriterGuid)
                {
                    Tags = tagged is null ? [] : tagged.Tags,
                    GapBefore = rows.Count == first && _refused.Count > 0 && _refused.Remove(p.PersistenceId, out var refused) && refused == p.SequenceNr - 1,
                });
            }

            return null;
        }
        catch (Exception e)
        {
            rows.RemoveRange(first, rows.Count - first);
            _refused[atomic.PersistenceId] = atomic.HighestSequenceNr;
            return e;
        }
    }

    private void Replay(ReplayMessages replay)
    {
        if (_broken is not null)
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(_broken), ActorRefs.NoSender);
            return;
        }

        // Read only what is settled: a restarted actor must see the writes of its former self.
        if (_inFlight.TryGetValue(replay.PersistenceId, out var ticket) && ticket > Volatile.Read(ref _settled)) _commit!.Enqueue(_ => Read(replay));
        else Read(replay);
    }

    private void Read(ReplayMessages replay)
    {
        var to = replay.PersistentActor;
        _reader!.Enqueue(
            reader =>
            {
                var highest = reader.Highest(replay.PersistenceId);
                var last = Math.Min(replay.ToSequenceNr, highest);
                if (replay.FromSequenceNr <= last && replay.Max > 0)
                    reader.Replay(replay.PersistenceId, replay.FromSequenceNr, last, replay.Max, row => to.Tell(new ReplayedMessage(Event(row)), ActorRefs.NoSender));
                to.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
            },
            fault => to.Tell(new ReplayMessagesFailure(fault), ActorRefs.NoSender));
    }

    private Persistent Event(EventRow row)
    {
        try
        {
            var payload = _codec.Read(row.Message, row.Identifier ?? 0, row.Manifest);
            return new Persistent(payload, row.SequenceNr, row.PersistenceId, row.Manifest, false, null, row.WriterUuid, row.Created);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{_name}: event {row.SequenceNr} of '{row.PersistenceId}': {e.Message}", e);
        }
    }

    private void Delete(DeleteMessagesTo delete)
    {
        var to = delete.PersistentActor;
        if (_broken is not null)
        {
            to.Tell(new DeleteMessagesFailure(_broken, delete.ToSequenceNr), ActorRefs.NoSender);
            return;
        }

        var ticket = ++_ticket;
        Track(delete.PersistenceId, ticket);
        _commit!.Enqueue(writer =>
        {
            object answer;
            try
            {
                if (writer is null) throw new StorageException($"{_name}: cannot be opened.");
                writer.Delete(delete.PersistenceId, delete.ToSequenceNr);
                answer = new DeleteMessagesSuccess(delete.ToSequenceNr);
            }
            catch (Exception e)
            {
                answer = new DeleteMessagesFailure(e, delete.ToSequenceNr);
            }

            Volatile.Write(ref _settled, ticket);
            to.Tell(answer, ActorRefs.NoSender);
        });
    }

    private void Track(string persistenceId, long ticket)
    {
        _inFlight[persistenceId] = ticket;
        if (_inFlight.Count < Tracked) return;
        var settled = Volatile.Read(ref _settled);
        foreach (var (id, last) in _inFlight)
            if (last <= settled)
                _inFlight.Remove(id);
    }
}
