// The braces and brackets that are open while a text is read, and what is wrong with them. Knows not what they hold.
namespace AgentArena.Hocon;

/// <summary>What is open, the innermost last.</summary>
/// <param name="text">Stands at the sign that is asked about.</param>
/// <param name="reading">Told of signs that close nothing or are never closed.</param>
internal sealed class Nesting(HoconText text, Reading reading)
{
    private readonly Stack<(char Open, Place At, int Indent)> _open = new();
    private Place? _suspect;

    public int Depth => _open.Count;

    /// <summary>Goes into the brace or bracket that stands here.</summary>
    public void Open()
    {
        _open.Push((text.Now, text.Here, text.Indent));
        text.Skip();
    }

    /// <summary>
    /// At a closing sign: true where the innermost block or list ends, be it that an outer one is closed before it.
    /// </summary>
    public bool Closed()
    {
        var (now, here) = (text.Now, text.Here);
        if (_open.TryPeek(out var inner) && Partner(inner.Open) == now)
        {
            // A sign that begins its line closes what was opened on a line as far in; the first that does not tells
            // where one was forgotten.
            if (text.Indent == here.Column - 1 && inner.Indent > text.Indent)
                _suspect ??= inner.At;
            _open.Pop();
            text.Skip();
            return true;
        }
        if (_open.Any(o => Partner(o.Open) == now))
        {
            _open.Pop();
            Fault(
                inner.At,
                $"the '{inner.Open}' opened here is never closed before the '{now}' of line {here.Line}. "
                    + $"Add the missing '{Partner(inner.Open)}'."
            );
            return true;
        }
        text.Skip();
        Fault(
            here,
            _open.Count == 0
                ? $"this '{now}' closes nothing. Each '{now}' needs its '{Partner(now)}'. Remove it, or add the "
                    + $"'{Partner(now)}' it belongs to."
                : $"this '{now}' closes nothing; open is the '{inner.Open}' of line {inner.At.Line}. Write "
                    + $"'{Partner(inner.Open)}', or remove it."
        );
        return false;
    }

    /// <summary>At the end of the text: leaves the innermost block or list, which is still open.</summary>
    public void NeverClosed()
    {
        var (open, at, _) = _open.Pop();
        var hint =
            _suspect is { } place && place != at ? $"By the indentation it is missing after {place.Within}. " + "" : "";
        Fault(
            at,
            $"the '{open}' opened here is never closed. Each '{open}' needs its '{Partner(open)}'. {hint}Add "
                + $"the missing '{Partner(open)}'."
        );
    }

    private void Fault(Place at, string fault) => reading.Malform(new HoconFault(at, "", fault));

    private static char Partner(char c) =>
        c switch
        {
            '{' => '}',
            '}' => '{',
            '[' => ']',
            _ => '[',
        };
}
