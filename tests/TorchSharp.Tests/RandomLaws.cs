// Random numbers: equal seeds, equal streams; distributions within five standard errors.
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class RandomLaws : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void AGeneratorIsAStreamOfItsOwn()
    {
        using Generator a = new(7), b = new(7), c = new(8);
        Tensor first = rand([5], generator: a);
        randn(3);                                                   // the shared stream moves, a does not
        rand([5], generator: b).Equals(first).ShouldBeTrue();
        rand([5], generator: c).Equals(first).ShouldBeFalse();
        rand([5], generator: a).Equals(first).ShouldBeFalse();
        a.initial_seed().ShouldBe(7);
        a.manual_seed(7);
        rand([5], generator: a).Equals(first).ShouldBeTrue();
    }

    [Fact]
    public void AStateContinuesWhereItWasTaken()
    {
        using Generator g = new(3);
        randn([7], generator: g);
        Tensor state = g.get_state();
        Tensor expected = multinomial(ones(10), 5, true, g);
        g.set_state(state);
        multinomial(ones(10), 5, true, g).Equals(expected).ShouldBeTrue();
        using Generator other = new(99);
        other.set_state(state);
        multinomial(ones(10), 5, true, other).Equals(expected).ShouldBeTrue();
    }

    [Fact]
    public void Distributions()
    {
        using Generator g = new(1);
        const int N = 100_000;
        Tensor z = randn([N], generator: g);
        z.mean().ToDouble().ShouldBe(0, 5 / Math.Sqrt(N));
        z.std().ToDouble().ShouldBe(1, 5 / Math.Sqrt(2.0 * N));
        Tensor u = rand([N], generator: g);
        u.mean().ToDouble().ShouldBe(0.5, 5 * Math.Sqrt(1 / 12.0 / N));
        u.min().ToDouble().ShouldBeGreaterThanOrEqualTo(0);
        u.max().ToDouble().ShouldBeLessThan(1);
        empty(N).normal_(3, 2, g).mean().ToDouble().ShouldBe(3, 10 / Math.Sqrt(N));
        empty(N).uniform_(-1, 3, g).mean().ToDouble().ShouldBe(1, 5 * Math.Sqrt(16 / 12.0 / N));
        empty(N).exponential_(2, g).mean().ToDouble().ShouldBe(0.5, 2.5 / Math.Sqrt(N));
        full([N], 0.3).bernoulli(g).mean().ToDouble().ShouldBe(0.3, 5 * Math.Sqrt(0.21 / N));
        Tensor dice = randint(1, 7, [N], generator: g);
        dice.min().ToInt64().ShouldBe(1);
        dice.max().ToInt64().ShouldBe(6);
        Tensor drawn = multinomial(tensor(new[] { 1f, 0f, 3f }), N, true, g);
        drawn.eq(1).any().ToBoolean().ShouldBeFalse();
        drawn.eq(2).to_type(ScalarType.Float64).mean().ToDouble().ShouldBe(0.75, 5 * Math.Sqrt(0.1875 / N));
        randperm(50, generator: g).sort().Values.Equals(arange(50)).ShouldBeTrue();
        nn.functional.dropout(ones(N), 0.25).mean().ToDouble().ShouldBe(1, 5 * Math.Sqrt(0.25 / 0.75 / N));
    }

    [Fact]
    public void AFinishedGeneratorIsRefused()
    {
        Generator g = new(1);
        g.Dispose();
        Should.Throw<ObjectDisposedException>(() => rand([2], generator: g));
    }
}
