// What values print as where that is no literal: set([…]), deque([…]), range(…), Decimal('…'). Knows names and what
// they are given, no text.
using System.Collections.Immutable;
using static AgentArena.Games.Python.PythonValue;

namespace AgentArena.Games.Python;

internal static class PythonDisplays
{
    /// <summary>The value that a call of this name with these arguments shows; null where it shows none.</summary>
    public static PythonValue? Of(string name, ImmutableArray<PythonValue> given) =>
        (name, given) switch
        {
            ("set" or "frozenset", []) => new Set([]),
            ("set" or "frozenset" or "dict_keys", [Sequence or Set]) => AsSet(given[0]),
            ("dict_items", [Sequence or Set]) => (PythonValue?)AsSet(given[0]) ?? AsItems(given[0]),
            ("dict", []) => new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty),
            ("dict" or "OrderedDict" or "Counter", [Dict entries]) => entries,
            ("deque", []) => new Sequence(SequenceKind.Deque, []),
            ("deque", [Sequence items]) => items with { Kind = SequenceKind.Deque },
            ("list", [Sequence items]) => items with { Kind = SequenceKind.List },
            ("tuple", [Sequence items]) => items with { Kind = SequenceKind.Tuple },
            ("bytearray", [Bytes b]) => b,
            ("range", [Number stop]) => RangeOf(Num(Real.Zero), stop, Num(Real.Of(1, 1))),
            ("range", [Number start, Number stop]) => RangeOf(start, stop, Num(Real.Of(1, 1))),
            ("range", [Number start, Number stop, Number step]) => RangeOf(start, stop, step),
            ("Fraction", [Number n]) => n,
            ("Fraction", [Number { Re: var a }, Number { Re: var b }])
                when a.Under.IsOne && b.Under.IsOne && !b.Over.IsZero => Num(Real.Of(a.Over, b.Over)),
            ("float", [Number n]) when n.Im == Real.Zero => n,
            ("float" or "Decimal", [Str s]) => PythonNumbers.Written(s.Text, exact: name == "Decimal"),
            _ => null,
        };

    /// <summary>Whether a set may hold it, or a dict as a key.</summary>
    public static bool Hashable(PythonValue value) =>
        value switch
        {
            Sequence s => s.Kind == SequenceKind.Tuple && s.Items.All(Hashable),
            Dict or ItemView => false,
            _ => true, // a set prints as a frozenset would
        };

    private static Set? AsSet(PythonValue given)
    {
        IEnumerable<PythonValue> items = given is Sequence s ? s.Items : ((Set)given).Items;
        return items.All(Hashable) ? new Set([.. items]) : null;
    }

    // Items whose values cannot be hashed: still pairs with different keys.
    private static ItemView? AsItems(PythonValue given)
    {
        var entries = ImmutableDictionary.CreateBuilder<PythonValue, PythonValue>();
        foreach (var item in given is Sequence s ? s.Items : [.. ((Set)given).Items])
        {
            if (
                item is not Sequence { Kind: SequenceKind.Tuple, Items: [var key, var value] }
                || !Hashable(key)
                || entries.ContainsKey(key)
            )
                return null;
            entries.Add(key, value);
        }
        return new ItemView(entries.ToImmutable());
    }

    private static PythonValue.Range? RangeOf(Number start, Number stop, Number step) =>
        start.Re.Under.IsOne && stop.Re.Under.IsOne && step.Re.Under.IsOne
            ? PythonValue.Range.Of(start.Re.Over, stop.Re.Over, step.Re.Over)
            : null;
}
