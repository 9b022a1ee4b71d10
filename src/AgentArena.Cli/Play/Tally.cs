// Wins, draws, losses and mean payoff with its 95 % confidence interval. Knows numbers only.
namespace AgentArena.Cli.Play;

/// <summary>Results of one contestant, fed a payoff a game.</summary>
internal sealed class Tally
{
    private double _mean,
        _squares;

    public int Games { get; private set; }

    public int Wins { get; private set; }

    public int Draws { get; private set; }

    public int Losses => Games - Wins - Draws;

    /// <summary>Mean payoff; 0 before any game.</summary>
    public double Mean => _mean;

    /// <summary>Half the width of the 95 % interval of the mean (normal approximation); NaN below two games.</summary>
    public double Margin => Games < 2 ? double.NaN : 1.96 * Math.Sqrt(_squares / (Games - 1) / Games);

    /// <summary>Adds a game: the contestant's payoff and the best of the others'.</summary>
    public void Add(double payoff, double others)
    {
        Games++;
        if (payoff > others)
            Wins++;
        else if (payoff == others)
            Draws++;
        var delta = payoff - _mean;
        _mean += delta / Games;
        _squares += delta * (payoff - _mean);
    }
}
