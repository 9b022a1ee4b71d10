// Whether a reply has the form it was asked for. Knows tags, never what stands in them.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R by the tags of a seat's last reply. Without <c>closing</c>: exactly <c>pairs</c> pairs of the tag give
/// <c>right</c>, more (balanced)
/// <c>extra</c>, else <c>wrong</c>, and an empty reply <c>empty</c> (Multi-Agent Evolve, arXiv 2510.23595: 1, 0.5, 0,
/// 0.5). With <c>closing</c>:
/// <c>&lt;/think&gt;</c> stands there once, one non-empty answer tag follows it at once and ends the reply, and the
/// thought is not empty either (Self-RedTeam, arXiv 2506.07468, which adds +1 or -1: <c>right = 1, wrong = -1</c>).
/// Seats that said nothing are not spoken of.
/// </summary>
public sealed class FormatCheck(FormatCheck.Options options) : Reward
{
    /// <summary>Options of <see cref="FormatCheck"/>.</summary>
    public sealed record Options
    {
        /// <summary>The tag of the answer, without brackets.</summary>
        public string Tag { get; init; } = "answer";

        /// <summary>How many pairs of it there should be.</summary>
        public int Pairs { get; init; } = 1;

        /// <summary>
        /// Whether the reply must be a thought that a <c>&lt;/think&gt;</c> closes and then the answer, with nothing
        /// between or after.
        /// </summary>
        public bool Closing { get; init; }

        /// <summary>For the form that was asked.</summary>
        public double Right { get; init; } = 1;

        /// <summary>For more pairs than asked, all of them closed.</summary>
        public double Extra { get; init; } = 0.5;

        /// <summary>For anything else.</summary>
        public double Wrong { get; init; }

        /// <summary>For an empty reply.</summary>
        public double Empty { get; init; } = 0.5;
    }

    private readonly string _open = $"<{options.Tag}>",
        _close = $"</{options.Tag}>";

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        for (var seat = 0; seat < scores.Length; seat++)
            if (Reply.Of(episode, seat).LastOrDefault(r => r.Said is not null) is { } last)
                scores[seat] = Of(last.Text);
        return scores;
    }

    private double Of(string text)
    {
        if (options.Closing)
            return Closes(text.Trim()) ? options.Right : options.Wrong;
        if (string.IsNullOrWhiteSpace(text))
            return options.Empty;
        var (opened, closed) = (ScoreText.Count(text, _open), ScoreText.Count(text, _close));
        if (opened != closed || opened < options.Pairs || ScoreText.Tagged(text, options.Tag).Count() != opened)
            return options.Wrong;
        return opened == options.Pairs ? options.Right : options.Extra;
    }

    private bool Closes(string text)
    {
        const string end = "</think>";
        if (ScoreText.Count(text, end) != 1 || ScoreText.Count(text, _open) != 1 || ScoreText.Count(text, _close) != 1)
            return false;
        var at = text.IndexOf(end, StringComparison.Ordinal);
        var thought = text[..at].Replace("<think>", "");
        var rest = text[(at + end.Length)..].TrimStart();
        return !string.IsNullOrWhiteSpace(thought)
            && rest.StartsWith(_open, StringComparison.Ordinal)
            && rest.EndsWith(_close, StringComparison.Ordinal)
            && !string.IsNullOrWhiteSpace(rest[_open.Length..^_close.Length]);
    }
}
