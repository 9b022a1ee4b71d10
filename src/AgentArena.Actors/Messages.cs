// Every message that is not persisted, on one page. All are immutable records that serialise; nobody passes a live
// object.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Learning;

namespace AgentArena.Actors;

// --- the door -> arena

/// <summary>End the run in good order: finish the update in hand, checkpoint, stop.</summary>
public sealed record StopRun(string Reason);

/// <summary>Somebody asks what every actor waits for.</summary>
public sealed record ReportWaits;

/// <summary>A wait with its owner: what for, since when (UTC), until when at most (null: no deadline).</summary>
public sealed record Wait(string Owner, string For, DateTimeOffset Since, DateTimeOffset? Deadline);

/// <summary>What one actor waits for.</summary>
public sealed record Waits(ImmutableArray<Wait> All);

// --- arena <-> table

/// <summary>
/// A table has read its stream and can play; it plays nothing before it has been told what stands in the ledger.
/// </summary>
public sealed record TableReady(int Table);

/// <summary>
/// The answer: of the games this table was given, these are not in the ledger. The table forgets all others.
/// </summary>
public sealed record TableOpened(ImmutableArray<long> Unfinished);

/// <summary>Play these games, or go on with them.</summary>
public sealed record PlayGames(ImmutableArray<Assignment> Games);

/// <summary>
/// A game's end is on disk, and so is every one of <paramref name="Events"/>. No outcome where the system failed it;
/// then
/// <paramref name="Error"/> says how.
/// </summary>
public sealed record GameOver(
    long Number,
    Outcome? Outcome,
    ImmutableArray<GameEvent> Events,
    RowSpan Rows,
    int Tokens,
    string? Error
);

/// <summary>Games whose ends came to disk together.</summary>
public sealed record GamesOver(ImmutableArray<GameOver> Games);

/// <summary>The run ends: the table writes down what it has gathered.</summary>
public sealed record CloseTable;

/// <summary>All that a table had gathered is on disk.</summary>
public sealed record TableClosed(int Table);

/// <summary>These games stand in the ledger: the table need not answer for them any longer.</summary>
public sealed record InLedger(ImmutableArray<long> Games);

/// <summary>An event was not stored: the run cannot go on.</summary>
public sealed record JournalFailed(string Error);

// --- table <-> seat

/// <summary>A seat is asked.</summary>
/// <param name="Number">The game's number in its run.</param>
/// <param name="Game">The game's name in its scenario.</param>
/// <param name="Policy">Who sits there.</param>
/// <param name="Turn">What it is asked.</param>
/// <param name="Attempt">Refused answers to this turn so far.</param>
/// <param name="Refusal">Why the last of them was refused.</param>
/// <param name="Said">What the seat said last in this game; null where it has not spoken.</param>
public sealed record TurnOpened(
    long Number,
    string Game,
    string Policy,
    Turn Turn,
    int Attempt,
    string? Refusal,
    Utterance? Said
);

/// <summary>Questions that were opened together, in order.</summary>
public sealed record TurnsOpened(ImmutableArray<TurnOpened> Turns);

/// <summary>Nobody waits for these answers any longer.</summary>
public sealed record TurnsClosed(ImmutableArray<TurnOpened> Turns);

/// <summary>
/// A seat's answer; no <paramref name="Answer"/> where it cannot answer through no fault of the player: then it is
/// known what failed.
/// </summary>
public sealed record TurnAnswered(
    long Number,
    int Turn,
    int Attempt,
    SeatAnswer? Answer,
    string Boundary = "",
    string Error = ""
);

/// <summary>Answers that came together, in order.</summary>
public sealed record TurnsAnswered(ImmutableArray<TurnAnswered> Answers);

// --- seat <-> model

/// <summary>
/// Generate a reply with a policy. The request's id names the answer: game, seat, turn and attempt have an id of their
/// own.
/// </summary>
public sealed record Generate(string Policy, SequenceRequest Request);

/// <summary>
/// Requests that were made together, in order; <paramref name="Sent"/> is the clock's timestamp then, 0 where it does
/// not count.
/// </summary>
public sealed record GenerateMany(ImmutableArray<Generate> Requests, long Sent = 0);

/// <summary>The reply.</summary>
public sealed record Generated(long Id, Utterance Said);

/// <summary>Replies that were complete together.</summary>
public sealed record GeneratedMany(ImmutableArray<Generated> Replies);

/// <summary>The request can never be answered (too long a prompt, an unknown policy).</summary>
public sealed record GenerateFailed(long Id, string Error);

/// <summary>Nobody waits for these replies any longer.</summary>
public sealed record CancelGeneration(ImmutableArray<long> Ids);

// --- seat <-> tool

/// <summary>Ask a tool.</summary>
public sealed record UseTool(long Id, string Request);

/// <summary>What it answered, or why it could not.</summary>
public sealed record ToolAnswered(long Id, string? Answer, string? Error);

// --- seat <-> person

/// <summary>Show a turn to a person, and why the last answer to it was refused.</summary>
public sealed record ShowTurn(long Id, Turn Turn, string? Refusal);

/// <summary>What the person typed.</summary>
public sealed record PersonAnswered(long Id, string Text);

// --- learner and searching agents <-> model

/// <summary>
/// Make the next version. Void when the model is neither at <paramref name="BaseVersion"/> nor at what came of it (it
/// was reloaded meanwhile).
/// </summary>
public sealed record UpdateWeights(string Policy, int BaseVersion, TrainingBatch Batch);

/// <summary>How likely is each text?</summary>
public sealed record MeasureTexts(string Policy, int Version, ImmutableArray<TextQuestion> Questions);

/// <summary>Their values, in the order asked.</summary>
public sealed record TextsMeasured(string Policy, int Version, ImmutableArray<float[]> Values);

/// <summary>The next version is made.</summary>
public sealed record WeightsMade(string Policy, UpdateReport Report);

/// <summary>Take over another policy's weights. Void when the model is not at <paramref name="Version"/>.</summary>
public sealed record AdoptWeights(string Policy, int Version, string Parent);

/// <summary>They are taken over, as they were at <paramref name="ParentVersion"/>.</summary>
public sealed record Adopted(string Policy, int Version, int ParentVersion);

/// <summary>A member of the population has learned for so long and scored so.</summary>
public sealed record MemberReady(string Policy, int Version, double Score, LearnSettings Settings);

/// <summary>What it is to do; null: go on.</summary>
public sealed record MemberAdvised(int Version, Advice? Advice);

/// <summary>
/// Write a checkpoint of the policy with the learner's own state, as one atomic thing. Void when the model is not at
/// <paramref name="Version"/>: weights and state would not belong together.
/// </summary>
public sealed record SaveCheckpoint(string Policy, int Version, LearnerState Learner);

/// <summary>The checkpoint is on disk.</summary>
public sealed record CheckpointSaved(string Policy, int Version, long Offset);

/// <summary>How likely is each listed move for each prompt?</summary>
public sealed record WeighMoves(string Policy, long Id, ImmutableArray<MoveQuestion> Questions);

/// <summary>The probabilities, in the order asked.</summary>
public sealed record MovesWeighed(string Policy, long Id, ImmutableArray<ImmutableArray<double>> Probabilities);

// --- model -> arena -> learner

/// <summary>
/// The policy's weights are in memory; <paramref name="Learner"/> is the learner's state saved with them (null at
/// version 0).
/// </summary>
public sealed record ModelLoaded(string Policy, int Version, LearnerState? Learner);

/// <summary>
/// Load the newest checkpoint again (or the initial weights) and report <see cref="ModelLoaded"/>: a learner lost its
/// state.
/// </summary>
public sealed record ReloadModel(string Policy);

// --- arena <-> learner

/// <summary>
/// Ledger entries from position <paramref name="From"/> on, with the events the journal has acknowledged for each (by
/// position; empty where the learner must read them itself, as after a crash).
/// </summary>
public sealed record LedgerGrew(
    long From,
    ImmutableArray<LedgerEntry> Entries,
    ImmutableArray<ImmutableArray<GameEvent>> Logs
);

/// <summary>
/// The ledger is on disk up to a position: what was made of its entries before that may be written down.
/// </summary>
public sealed record LedgerWritten(long End);

/// <summary>
/// The learner lacks ledger entries from this position on, and the <paramref name="Back"/> entries before it, to
/// rehearse.
/// </summary>
public sealed record LedgerWanted(string Policy, long From, long Back);

/// <summary>
/// The learner has consumed the ledger up to <paramref name="Offset"/>, making <paramref name="Version"/>.
/// </summary>
public sealed record Learned(string Policy, int Version, long Offset);

/// <summary>Checkpoint now and report <see cref="LearnerStopped"/>.</summary>
public sealed record StopLearning;

/// <summary>The learner's work is on disk and at rest.</summary>
public sealed record LearnerStopped(string Policy, int Version);

// --- arena -> the door

/// <summary>The run is over. <paramref name="Fault"/> is null when it ended as it should.</summary>
public sealed record RunOver(string Reason, string? Fault);
