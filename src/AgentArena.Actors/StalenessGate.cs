// How far each learner is, and how far play may run ahead of them. Knows no game and writes nothing.
using AgentArena.Core.Scenarios;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// The learners' places in the ledger. Game n may run when every learner has learned from
/// n − batch·(1 + max-staleness) games; a game that the system failed counts for nobody, so that another takes its place.
/// </summary>
/// <param name="games">Games in the whole run; 0 where the learners' plans decide.</param>
internal sealed class StalenessGate(long games)
{
    /// <summary>One learner.</summary>
    public sealed class Learner
    {
        /// <summary>The policy that learns.</summary>
        public required string Policy { get; init; }

        /// <summary>Its actor.</summary>
        public required IActorRef Actor { get; init; }

        /// <summary>What it plans.</summary>
        public required LearnSpec Spec { get; init; }

        /// <summary>The newest version it has made.</summary>
        public int Version { get; set; }

        /// <summary>Scored games it has learned from.</summary>
        public long Games => (long)Version * Spec.Batch;

        /// <summary>The ledger's position that its newest checkpoint has learned up to.</summary>
        public long Saved { get; set; }

        /// <summary>Whether it has loaded and said where it stands.</summary>
        public bool Ready { get; set; }

        /// <summary>Whether it has made and saved its last update.</summary>
        public bool Stopped { get; set; }
    }

    private readonly SortedDictionary<string, Learner> _learners = new(StringComparer.Ordinal);

    /// <summary>A learner's place.</summary>
    public Learner this[string policy] => _learners[policy];

    /// <summary>All learners, in name order.</summary>
    public IReadOnlyCollection<Learner> Learners => _learners.Values;

    /// <summary>Whether all have said where they stand.</summary>
    public bool IsReady => _learners.Values.All(l => l.Ready);

    /// <summary>Whether all have stopped.</summary>
    public bool IsOver => _learners.Values.All(l => l.Stopped);

    /// <summary>The first ledger entry that some learner would want after a crash.</summary>
    public long Needed => _learners.Values.Min(l => l.Saved - (l.Spec.Rehearsal?.Reach(l.Spec.Batch) ?? 0));

    /// <summary>Games that the system failed so far: each is replaced.</summary>
    public long Aborted { get; set; }

    /// <summary>
    /// Games in the whole run, those that failed included: what its learners will consume, or what the scenario says.
    /// </summary>
    public long Planned
    {
        get
        {
            if (_learners.Count == 0)
                return games + Aborted;
            var consumed = _learners.Values.Max(l => (long)l.Spec.Updates * l.Spec.Batch);
            return (games > 0 ? Math.Min(consumed, games) : consumed) + Aborted;
        }
    }

    /// <summary>Games below this number may run now.</summary>
    public long Allowed
    {
        get
        {
            var allowed = Planned;
            foreach (var learner in _learners.Values)
                if (!learner.Stopped)
                    allowed = Math.Min(
                        allowed,
                        learner.Games + (long)learner.Spec.Batch * (1 + learner.Spec.MaxStaleness) + Aborted
                    );
            return allowed;
        }
    }

    /// <summary>Adds a learner at the beginning of the ledger.</summary>
    public void Add(string policy, IActorRef actor, LearnSpec spec) =>
        _learners.Add(
            policy,
            new Learner
            {
                Policy = policy,
                Actor = actor,
                Spec = spec,
            }
        );

    /// <summary>A policy's learner; null where it does not learn.</summary>
    public Learner? Of(string policy) => _learners.GetValueOrDefault(policy);

    /// <summary>Whose learner an actor is.</summary>
    public string? PolicyOf(IActorRef actor) => _learners.Values.FirstOrDefault(l => l.Actor.Equals(actor))?.Policy;
}
