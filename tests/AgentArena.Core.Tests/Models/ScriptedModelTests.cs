// The model without weights keeps the promises of the seam: one token a step, masks, log-probabilities, seeds,
// versions.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Core.Tests.Models;

public class ScriptedModelTests
{
    private static SequenceRequest Ask(long id, ulong seed, string[]? legal, int budget = 32) =>
        new()
        {
            Id = id,
            Seed = seed,
            Budget = budget,
            Messages = [new(Speaker.User, "your move")],
            Legal = legal is null ? default : [.. legal],
        };

    private static List<SequenceResult> Finish(ILanguageModel model)
    {
        var finished = new List<SequenceResult>();
        while (model.Active > 0)
            model.Step(finished);
        return finished;
    }

    [Fact]
    public void Each_legal_text_is_equally_likely_whatever_beginnings_they_share()
    {
        using var model = new ScriptedModel("student");
        string[] legal = ["raise", "raise 2", "fold"];
        for (var i = 0; i < 3000; i++)
            model.Add(Ask(i, (ulong)i * 977, legal));
        var said = Finish(model).Select(r => r.Said).ToList();
        foreach (var text in legal)
        {
            said.Count(s => s.Text == text).ShouldBeInRange(900, 1100);
            foreach (var s in said.Where(s => s.Text == text).Take(3))
            {
                s.LogProbs.Sum().ShouldBe((float)Math.Log(1 / 3.0), 1e-6f);
                s.Allowed.Length.ShouldBe(s.Tokens.Length);
                for (var t = 0; t < s.Tokens.Length; t++)
                    s.Allowed[t].ShouldContain(s.Tokens[t]);
            }
        }
        said.First(s => s.Text == "raise").Tokens[^1].ShouldBe(256, "an end id, as another text goes on from here");
        said.First(s => s.Text == "raise 2").Tokens.Length.ShouldBe("raise 2".Length);
    }

    [Fact]
    public void A_seed_says_the_same_in_any_company_and_a_step_is_one_token()
    {
        using var model = new ScriptedModel("student");
        model.Add(Ask(1, 42, ["check", "bet"]));
        var alone = Finish(model)[0].Said.Text;
        for (var i = 2; i < 50; i++)
            model.Add(Ask(i, (ulong)i, ["check", "bet"]));
        model.Add(Ask(50, 42, ["check", "bet"]));
        var finished = new List<SequenceResult>();
        model.Step(finished);
        model.Step(finished);
        finished.ShouldBeEmpty();
        model.Step(finished);
        finished.ShouldAllBe(r => r.Said.Text == "bet");
        model.Cancel(50);
        model.Cancel(999);
        finished.AddRange(Finish(model));
        finished.Count(r => r.Said.Text == "check").ShouldBeGreaterThan(5);
        model.Add(Ask(50, 42, ["check", "bet"]));
        Finish(model)[0].Said.Text.ShouldBe(alone);
    }

    [Fact]
    public void A_script_is_followed_and_may_not_break_the_mask()
    {
        using var model = ScriptedModel.Saying("student", "bet", "fold");
        model.Add(Ask(1, 1, ["check", "bet"]));
        Should.Throw<ArgumentException>(() => model.Add(Ask(2, 1, ["check", "bet"]))).Message.ShouldContain("fold");
        var said = Finish(model).ShouldHaveSingleItem().Said;
        said.Text.ShouldBe("bet");
        said.LogProbs.ShouldAllBe(p => p == 0);
        model.MoveProbabilities([([new(Speaker.User, "x")], ["check", "bet"])])[0].ShouldBe([0, 1]);
    }

    [Fact]
    public void A_budget_cuts_and_says_so()
    {
        using var model = ScriptedModel.Saying("student", "a long answer");
        model.Add(Ask(1, 1, null, budget: 6));
        model.Add(Ask(2, 1, null, budget: 14));
        var said = Finish(model).ToDictionary(r => r.Id, r => r.Said);
        (said[1].Text, said[1].Truncated, said[1].Tokens.Length).ShouldBe(("a long", true, 6));
        (said[2].Text, said[2].Truncated, said[2].Tokens.Length).ShouldBe(("a long answer", false, 14));
        Should
            .Throw<ArgumentException>(() => model.Add(Ask(3, 1, null, budget: 1 << 20)))
            .Message.ShouldContain("context");
    }

    [Fact]
    public void A_prompt_grows_by_appending()
    {
        using var model = new ScriptedModel("student");
        model.Add(Ask(1, 1, ["check"]));
        var first = Finish(model)[0].Said;
        model.Add(Ask(2, 1, ["check"]) with { Prefix = [.. first.Prompt, .. first.Tokens] });
        var second = Finish(model)[0].Said;
        second.Prompt[..(first.Prompt.Length + first.Tokens.Length)].ShouldBe([.. first.Prompt, .. first.Tokens]);
        second.Prompt.Length.ShouldBeGreaterThan(first.Prompt.Length + first.Tokens.Length);
    }

    [Fact]
    public void Versions_are_counted_stamped_and_kept()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var model = new ScriptedModel("student");
        model.Add(Ask(1, 1, ["check"]));
        model.Update(new([], 0, 0, 0)).Version.ShouldBe(1);
        Finish(model)[0].Said.Version.ShouldBe(0, "the version that sampled the first token");
        using var before = model.Snapshot();
        model.Update(new([], 0, 0, 0)).Version.ShouldBe(2);
        before.Version.ShouldBe(1);
        model.Save(folder);
        using var other = new ScriptedModel("student");
        other.Load(folder);
        other.Version.ShouldBe(2);
        using var stranger = new ScriptedModel("teacher");
        Should.Throw<InvalidDataException>(() => stranger.Load(folder)).Message.ShouldContain("student");
        File.WriteAllText(Path.Combine(folder, "scripted.json"), "{\"Pol");
        Should.Throw<InvalidDataException>(() => other.Load(folder)).Message.ShouldContain("scripted.json");
        Directory.Delete(folder, true);
    }
}
