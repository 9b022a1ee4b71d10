// The registration: one line a plug-in.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Models;

namespace Nim;

/// <summary>What this assembly brings.</summary>
public sealed class NimPlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog)
    {
        catalog.Games.Add("nim", "take matches in turn; whoever takes the last wins", "", (NimOptions o) =>
            new NimGame(o)
        );
        catalog.Players.Add("nim-expert", "leaves a multiple of four wherever it can", "", (NoOptions _) =>
            new NimExpert()
        );
        catalog.Rewards.Add("quick-win", "payoff less a price a move", "", (QuickWinOptions o) => new QuickWin(o));
        catalog.Losses.Add(
            "advantage-weighted",
            "-sum share * exp(A / beta) * log pi",
            "Peng et al. 2019, arXiv 1910.00177",
            (AdvantageWeightedOptions o) => new AdvantageWeighted(o)
        );
    }
}
