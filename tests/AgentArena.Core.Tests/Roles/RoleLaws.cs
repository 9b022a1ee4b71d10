// Laws of every role at every game it can play: legal prints parse back, prompts show what they should, hostile replies
// give faults.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests.Roles;

public class RoleLaws
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var entry in Tables.Entries)
            foreach (var format in new[] { "plain", "boxed", "tag", "whole" })
                pairs.Add(entry, $$"""{"format":"{{format}}","constrained":"off"}""");
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_a_player_prints_it_reads_back(string entry, string options)
    {
        var game = Tables.Open(entry);
        var player = Standard.Catalog.Roles.Create(new Plugin("player", JsonNode.Parse(options)!.AsObject()));
        for (ulong seed = 1; seed <= 4; seed++)
            Tables.Play(game, seed, (live, _) =>
            {
                foreach (var turn in game.Turns(live))
                {
                    foreach (var move in (turn.HasLegal ? turn.Legal : turn.Suggestions).Select(m => new Move(m)))
                    {
                        var said = player.Print(turn, move);
                        player.Parse(game, turn, said).Move.ShouldBe(move);
                        player.Parse(game, turn, said + "\n").Move.ShouldBe(move);
                        if (!options.Contains("whole") && (turn.HasLegal || !said.StartsWith(' ')))
                            player
                                .Parse(game, turn, $"Let me think.\nfirst {player.Print(turn, move)} no,\n{said}")
                                .Move.ShouldBe(move);
                    }
                    foreach (var part in turn.Observation)
                        player.Render(turn, first: true).ShouldContain(m => m.Text.Contains(part.Text));
                    foreach (var hostile in seed == 1 ? GameLaws.Absurd : [])
                    {
                        var reading = player.Parse(game, turn, hostile);
                        (reading.Move is null).ShouldBe(reading.Fault is not null);
                        (reading.Fault ?? "").Length.ShouldBeLessThan(4_000);
                    }
                }
            });
    }
}
