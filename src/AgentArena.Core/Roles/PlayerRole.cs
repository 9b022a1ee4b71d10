// The role of a player in a board or card game: prompt out of observation parts, a move out of the last answer in the
// asked format.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Roles;

/// <summary>How a player marks its answer.</summary>
public enum AnswerFormat
{
    /// <summary>The prompt ends with <c>move:</c>; the reply's last line is the move.</summary>
    Plain,

    /// <summary>The last complete <c>\boxed{…}</c>.</summary>
    Boxed,

    /// <summary>The last complete <c>&lt;answer&gt;…&lt;/answer&gt;</c>, or another tag.</summary>
    Tag,

    /// <summary>The whole reply. The game's own words say what it should hold.</summary>
    Whole,
}

/// <summary>A player.</summary>
public sealed class PlayerRole : Role
{
    /// <summary>Options of <see cref="PlayerRole"/>.</summary>
    public sealed record Options
    {
        /// <summary>The parts of the observation that are shown. Tiny models want board and transcript alone.</summary>
        public ImmutableArray<ObservationKind> Show { get; init; } =
        [ObservationKind.Task, ObservationKind.Board, ObservationKind.Transcript, ObservationKind.Notice];

        /// <summary>How the answer is marked.</summary>
        public AnswerFormat Format { get; init; } = AnswerFormat.Plain;

        /// <summary>
        /// The tag of format <see cref="AnswerFormat.Tag"/>: <c>question</c> for
        /// <c>&lt;question&gt;…&lt;/question&gt;</c>.
        /// </summary>
        public string Tag { get; init; } = Answer.Tag;

        /// <summary>Whether the reply is held to the legal moves while it is sampled; needs the plain format.</summary>
        public bool Constrained { get; init; } = true;

        /// <summary>Whether earlier turns of the game stay in the prompt.</summary>
        public bool Remember { get; init; }
    }

    private readonly Options _options;
    private readonly ConcurrentDictionary<Turn, ImmutableArray<Message>> _first = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly ConcurrentDictionary<Turn, ImmutableArray<Message>> _later = new(
        ReferenceEqualityComparer.Instance
    );

    /// <summary>A player with these options.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public PlayerRole(Options options)
    {
        if (options.Constrained && options.Format != AnswerFormat.Plain)
            throw new ArgumentException(
                "constrained = on holds the whole reply to the move itself, so format should be plain. Set constrained = off to let the player think before it answers."
            );
        if (options.Tag.Length == 0 || !options.Tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException(
                $"tag is '{options.Tag}'; it should be a bare name such as answer or question."
            );
        if (options.Show.IsEmpty)
            throw new ArgumentException(
                "show is empty; it should name at least one of task, board, transcript, notice."
            );
        _options = options;
    }

    /// <inheritdoc/>
    public override bool Remembers => _options.Remember;

    /// <inheritdoc/>
    public override bool Constrained => _options.Constrained;

    /// <inheritdoc/>
    public override ImmutableArray<Message> Render(Turn turn, bool first)
    {
        if (!turn.Shared)
            return Word(turn, first);
        var kept = first ? _first : _later;
        return kept.TryGetValue(turn, out var messages) ? messages : kept.GetOrAdd(turn, Word(turn, first));
    }

    /// <inheritdoc/>
    public override string Print(Turn turn, Move move) => Answer.Print(_options.Format, move.Text, _options.Tag);

    /// <inheritdoc/>
    public override Reading Parse(Game game, Turn turn, string reply)
    {
        var last = ReplyText.Answer(_options.Format, reply, free: !turn.HasLegal, _options.Tag);
        if (last is null)
            return Reading.None($"No answer was found. {Answer.Ask(_options.Format, _options.Tag)}");
        if (game.Read(turn, last) is { } move)
            return Reading.Of(move);
        var shown = last.Length <= 40 ? last : last[..40] + "…";
        return Reading.None(
            turn.HasLegal
                ? $"'{shown}' is not a legal move. Legal: {turn.LegalText}."
                : $"'{shown}' could not be read as an answer."
        );
    }

    private ImmutableArray<Message> Word(Turn turn, bool first)
    {
        var messages = ImmutableArray.CreateBuilder<Message>(2);
        var said = new StringBuilder();
        var plain = _options.Format == AnswerFormat.Plain;
        foreach (var part in turn.Observation)
        {
            if (!_options.Show.Contains(part.Kind))
                continue;
            if (part.Kind != ObservationKind.Task)
            {
                if (said.Length > 0)
                    said.Append('\n');
                said.Append(Label(part.Kind))
                    .Append(
                        part.Text.Contains('\n') ? ":\n"
                        : part.Text.Length > 0 ? ": "
                        : ":"
                    )
                    .Append(part.Text);
            }
            else if (first || !_options.Remember)
                messages.Add(
                    new Message(
                        Speaker.System,
                        _options.Format == AnswerFormat.Whole
                            ? part.Text
                            : $"{part.Text}\n{Answer.Ask(_options.Format, _options.Tag)}"
                    )
                );
        }
        if (plain)
            said.Append(said.Length > 0 ? "\nmove:" : "move:");
        else if (messages.Count == 0 && _options.Format != AnswerFormat.Whole)
            said.Append(said.Length > 0 ? "\n" : "").Append(Answer.Ask(_options.Format, _options.Tag));
        messages.Add(new Message(Speaker.User, said.ToString()));
        return messages.ToImmutable();
    }

    private static string Label(ObservationKind kind) =>
        kind switch
        {
            ObservationKind.Board => "board",
            ObservationKind.Transcript => "transcript",
            _ => "notice",
        };
}
