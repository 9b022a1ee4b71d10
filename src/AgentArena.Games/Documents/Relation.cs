// What can be said of the things of a fictional world, and in which words. Knows no particular world.
using System.Collections.Immutable;
using AgentArena.Core;

namespace AgentArena.Games.Documents;

/// <summary>What a thing of a world is.</summary>
public enum Kind
{
    /// <summary>Somebody.</summary>
    Person,

    /// <summary>Somewhere.</summary>
    Place,

    /// <summary>Something made.</summary>
    Work,
}

/// <summary>How documents and questions are worded.</summary>
public enum Wording
{
    /// <summary>
    /// One form for all: <c>the home of mira is tolu</c>; every word stands between spaces, for small vocabularies.
    /// </summary>
    Plain,

    /// <summary>Sentences of several forms, with capitals and full stops.</summary>
    Prose,
}

/// <summary>
/// A function from things of one kind to things of another. In <paramref name="Sentences"/> {0} is the subject and {1}
/// the value.
/// </summary>
public sealed record Relation(string Name, Kind From, Kind To, ImmutableArray<string> Sentences)
{
    /// <summary>All relations; every kind of thing has two.</summary>
    public static ImmutableArray<Relation> All { get; } =
    [
        new(
            "maker",
            Kind.Work,
            Kind.Person,
            ["{0} was made by {1}.", "It was {1} who made {0}.", "The maker of {0} is {1}."]
        ),
        new(
            "setting",
            Kind.Work,
            Kind.Place,
            ["{0} is set in {1}.", "{1} is where {0} takes place.", "The setting of {0} is {1}."]
        ),
        new(
            "home",
            Kind.Person,
            Kind.Place,
            ["{0} lives in {1}.", "{1} is where {0} lives.", "The home of {0} is {1}."]
        ),
        new(
            "teacher",
            Kind.Person,
            Kind.Person,
            ["{0} was taught by {1}.", "{1} was the one who taught {0}.", "The teacher of {0} is {1}."]
        ),
        new(
            "ruler",
            Kind.Place,
            Kind.Person,
            ["{0} is ruled by {1}.", "The one who rules {0} is {1}.", "The ruler of {0} is {1}."]
        ),
        new(
            "neighbour",
            Kind.Place,
            Kind.Place,
            ["{0} lies next to {1}.", "Whoever leaves {0} comes to {1} first.", "The neighbour of {0} is {1}."]
        ),
    ];

    /// <summary>Every chain of so many relations that fit together.</summary>
    public static IEnumerable<ImmutableArray<Relation>> Chains(int length) =>
        length == 0
            ?
            [
                [],
            ]
            : Chains(length - 1)
                .SelectMany(chain =>
                    All.Where(next => chain.IsEmpty || chain[^1].To == next.From).Select(next => chain.Add(next))
                );

    /// <summary>The fact in words.</summary>
    public string Say(Wording wording, string subject, string value, ref RandomStream stream) =>
        wording == Wording.Plain
            ? $"the {Name} of {subject} is {value}"
            : string.Format(
                System.Globalization.CultureInfo.InvariantCulture,
                Sentences[stream.Next(Sentences.Length)],
                subject,
                value
            );

    /// <summary>A question for the thing at the end of a chain of relations that begins at a subject.</summary>
    public static string Ask(Wording wording, ImmutableArray<Relation> chain, string subject)
    {
        var words = subject;
        foreach (var relation in chain)
            words = $"the {relation.Name} of {words}";
        return wording == Wording.Plain ? words : $"{(chain[^1].To == Kind.Person ? "Who" : "What")} is {words}?";
    }
}
