// Where a game of Absolute Zero stands. Knows no rule of it.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Games.Python;

namespace AgentArena.Games.Programs;

/// <summary>One solver's answer: its text as asked for, or null with the reason why there is none.</summary>
public sealed record ProgramAnswer(string? Text, string? Fault);

/// <summary>
/// Where a game of <see cref="AbsoluteZero"/> stands. A task without outputs waits for its validation; marks are
/// default until the executor gave them.
/// </summary>
public sealed record AbsoluteZeroState(
    ProgramTaskType? Type,
    ImmutableArray<ProgramTask> References,
    ProgramTask? Task,
    string? Fault,
    ImmutableArray<ProgramAnswer?> Answers,
    ImmutableArray<ProgramMark> Marks
) : GameState;
