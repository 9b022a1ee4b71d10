// Values of texts under the weights: what was sampled, what is told more, what was never said, and how sure the weights
// are.
using AgentArena.Core.Models;

namespace AgentArena.Models.Tests;

public class MeasureTests
{
    private static Utterance Said(TransformerModel model, SequenceRequest request)
    {
        model.Add(request);
        return Toys.Finish(model)[request.Id];
    }

    [Fact]
    public void A_reply_that_was_sampled_is_as_likely_as_was_recorded()
    {
        using var model = Toys.Model();
        var (listed, free) = (Said(model, Toys.Ask(1, 2)), Said(model, Toys.Free(2, "card J", 4)));
        var values = model.Measure([
            new()
            {
                Prompt = listed.Prompt,
                Tokens = listed.Tokens,
                Allowed = listed.Allowed,
            },
            new() { Prompt = free.Prompt, Tokens = free.Tokens },
        ]);
        values[0].ShouldBe(listed.LogProbs, 1e-4);
        values[1].ShouldBe(free.LogProbs, 1e-4);
    }

    [Fact]
    public void A_hint_is_a_message_after_the_prompt()
    {
        using var model = Toys.Model();
        var (messages, legal) = Toys.Questions[0];
        var said = Said(model, Toys.Ask(1, 0));
        var told = model.MoveProbabilities([(messages.Add(new(Speaker.User, "card K bet")), legal)])[0];
        var values = model.Measure([
            new()
            {
                Prompt = said.Prompt,
                Hint = "card K bet",
                Tokens = said.Tokens,
                Allowed = said.Allowed,
            },
        ])[0];
        Math.Exp(values.Sum()).ShouldBe(told[legal.IndexOf(said.Text)], 1e-4);
    }

    [Fact]
    public void A_text_goes_on_where_the_reply_was_left()
    {
        using var model = Toys.Model();
        var said = Said(model, Toys.Free(1, "card J", 1));
        var whole = model.Measure([new() { Prompt = said.Prompt, Text = "card K" }])[0];
        var (first, second) = (
            model.Measure([new() { Prompt = said.Prompt, Text = "card" }])[0],
            model.Measure([
                new()
                {
                    Prompt = said.Prompt,
                    Given = "card",
                    Text = " K",
                },
            ])[0]
        );
        whole.Sum().ShouldBe(first.Sum() + second.Sum(), 1e-4);
        model.Measure([new() { Text = "card" }])[0].Length.ShouldBe(first.Length);
        model.Measure([new() { Text = "card" }])[0].Sum().ShouldNotBe(first.Sum());
    }

    [Fact]
    public void Certainty_is_the_distance_from_the_uniform_distribution_of_what_is_allowed()
    {
        using var model = Toys.Model(scale: 20);
        var (messages, legal) = Toys.Questions[0];
        var p = model.MoveProbabilities([(messages, legal)])[0];
        var said = Said(model, Toys.Ask(1, 0));
        said.Tokens.Length.ShouldBe(1);
        var value = model.Measure([
            new()
            {
                Prompt = said.Prompt,
                Tokens = said.Tokens,
                Allowed = said.Allowed,
                Certainty = true,
            },
        ])[0][0];
        value.ShouldBe((float)p.Average(q => Math.Log(1.0 / p.Length / q)), 1e-4f);
        value.ShouldBeGreaterThan(0.01f);
    }

    [Fact]
    public void What_does_not_fit_has_no_values()
    {
        using var model = Toys.Model(options: Toys.Options with { Context = 16 });
        model
            .Measure([new() { Text = string.Concat(Enumerable.Repeat("card ", 30)) }, new() { Text = "card" }])
            .Select(v => v.Length > 0)
            .ShouldBe([false, true]);
    }
}
