// A search as a state machine: it says which turns a policy should weigh, takes the weights in, and ends with a move.
// Knows no model, no actor, no time.
using System.Collections.Immutable;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Players;

/// <summary>
/// A player that looks ahead with a policy's weights before it moves; the role's word limits do not apply to what it
/// finds. Each question begins a <see cref="Search"/> of its own.
/// </summary>
public abstract class Searcher : Player
{
    /// <inheritdoc/>
    public override bool NeedsWeights => true;

    /// <summary>Begins a search at a turn that is open.</summary>
    /// <param name="game">The rules.</param>
    /// <param name="turn">What the seat is asked.</param>
    /// <param name="seed">Of the search's own stream.</param>
    /// <exception cref="InvalidOperationException">The turn is none of this game's positions.</exception>
    public abstract Search Begin(Game game, Turn turn, ulong seed);

    /// <summary>Null where the game can be searched, else why not, ending with what to do.</summary>
    public abstract string? Misfit(Game game);

    /// <inheritdoc/>
    public sealed override string? Misfit(Game game, Role role) =>
        Misfit(game)
        ?? (
            role.Remembers
                ? "searches positions, but its role remembers earlier turns. Set remember = off for the role, or seat a policy that does not search."
                : null
        );

    /// <inheritdoc/>
    public sealed override Asking Ask(SeatTurn turn) => new Looking(turn, Begin(turn.Game, turn.Turn, turn.Seed));

    private sealed class Looking : Asking
    {
        private readonly Search _search;
        private long _next;

        public Looking(SeatTurn turn, Search search)
        {
            (_search, _next) = (search, turn.Id);
            GoOn();
        }

        public override void Hear(IReadOnlyList<double[]> probabilities)
        {
            _search.Absorb(probabilities);
            GoOn();
        }

        private void GoOn()
        {
            if (_search.Wanted is { IsEmpty: false } wanted)
            {
                Wanted = new MovesQuery(_next, wanted);
                // Numbers may come round again: only the newest query's reply is waited for.
                _next = (_next & ~(SeatTurn.Queries - 1L)) | ((_next + 1) & (SeatTurn.Queries - 1L));
                return;
            }
            var found = new ToolCall("search", "", _search.Account);
            (Answer, Wanted) = (new SeatAnswer(_search.Move.Text, null) { Tools = [found] }, null);
        }
    }
}

/// <summary>
/// One search in progress. While <see cref="Wanted"/> is not empty, somebody weighs those turns with the policy and
/// calls
/// <see cref="Absorb"/>; who that is (an actor by messages, a loop by calls) the search cannot tell. The result is a
/// pure function of rules, turn, seed and the probabilities absorbed.
/// </summary>
public abstract class Search
{
    /// <summary>
    /// Turns of which the probabilities of all legal moves are wanted now; empty once the search is over.
    /// </summary>
    public abstract ImmutableArray<Turn> Wanted { get; }

    /// <summary>Goes on with what was wanted.</summary>
    /// <param name="probabilities">
    /// For each of <see cref="Wanted"/>, in order, the probability of each legal move.
    /// </param>
    public abstract void Absorb(IReadOnlyList<double[]> probabilities);

    /// <summary>The move found. Only once the search is over.</summary>
    public abstract Move Move { get; }

    /// <summary>The share of visits of each legal move of the turn, in order. Only once the search is over.</summary>
    public abstract double[] Shares { get; }

    /// <summary>What the search did, in one line for the record.</summary>
    public abstract string Account { get; }

    /// <summary>Runs to the end, asking <paramref name="policy"/> as it goes.</summary>
    public Search Finish(Func<ImmutableArray<Turn>, IReadOnlyList<double[]>> policy)
    {
        while (!Wanted.IsEmpty)
            Absorb(policy(Wanted));
        return this;
    }
}
