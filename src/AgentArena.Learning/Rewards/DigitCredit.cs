// Credit for the places of an answer whose length is known: each is right or not. Knows characters, never what they
// mean.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// One credit for each character of the right answer (the first of the turn's suggestions): <c>right</c> where the
/// seat's last reply, white space around it left out, has the same one there, else <c>wrong</c>; missing places are
/// wrong. With the k-th credits of a group compared with each other this is close to supervision, and it is what lets a
/// policy from random weights learn sums at all. The reward at the end is 0; add an outcome term for it.
/// </summary>
public sealed class DigitCredit(DigitCredit.Options options) : Reward
{
    /// <summary>Options of <see cref="DigitCredit"/>.</summary>
    public sealed record Options
    {
        /// <summary>The role that is credited.</summary>
        public string Of { get; init; } = "solver";

        /// <summary>For a right character.</summary>
        public double Right { get; init; } = 1;

        /// <summary>For any other.</summary>
        public double Wrong { get; init; }
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        foreach (var seat in SeatsOf.Role(episode, options.Of))
            if (Reply.Of(episode, seat).Any(r => r.Said is not null))
                scores[seat] = 0;
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat)
    {
        if (
            episode.Game.Facts.Roles[seat] != options.Of
            || Reply.Of(episode, seat).LastOrDefault(r => r.Said is not null) is not { } last
        )
            return [];
        if (episode.Steps.FirstOrDefault(s => s.Turn.Id == last.Turn)?.Turn.Gold is not [var right, ..])
            return [];
        var from = last.Text.Length - last.Text.TrimStart().Length;
        var credits = ImmutableArray.CreateBuilder<Credit>(right.Length);
        for (var k = 0; k < right.Length; k++)
            credits.Add(
                new Credit(
                    last.Step,
                    from + k,
                    from + k + 1,
                    from + k < last.Text.Length && last.Text[from + k] == right[k] ? options.Right : options.Wrong
                )
            );
        return credits.MoveToImmutable();
    }
}
