// From scenario text to models: what is right is made, what is wrong is told at its path before anything starts.
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;
using AgentArena.Models.Networks;
using TorchSharp;

namespace AgentArena.Models.Tests;

public sealed class CatalogTests
{
    private static Scenario Bind(string json)
    {
        var mistakes = new Mistakes();
        var scenario = Scenario.Bind((JsonObject)JsonNode.Parse(json)!, "scenario", mistakes);
        mistakes.ThrowIfAny();
        return scenario;
    }

    private const string Good = """
        { "models": { "small": { "name": "transformer", "width": "32", "heads": "2", "context": "48", "device": "cpu", "tokenizer": { "vocabulary": "300" } } },
          "policies": { "student": { "model": "small", "train": "on" }, "teacher": { "model": "small" }, "bot": { "player": "random" } },
          "learn": { "loss": { "name": "policy-gradient", "kl": "1.0", "reference": "ema", "keep": "0.99", "entropy": "0.1", "entropy-end": "0", "entropy-schedule": "quadratic", "normalise": "per-game" },
                     "optimizer": { "name": "adamw", "rate": "1e-3", "floor": "0.01", "schedule": "linear", "beta2": "0.99", "clip": "1" } } }
        """;

    [Fact]
    public void An_advantage_that_reads_values_wants_a_model_that_gives_them()
    {
        var gae = Good.Replace("\"learn\": {", "\"learn\": { \"advantage\": \"gae\",");
        var mistakes = new Mistakes();
        ScenarioModels.Validate(Bind(gae), Standard.Catalog, mistakes);
        mistakes
            .All.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "scenario.models.small.value-head: is off, but student learns by gae, which reads the values of states. Set value-head = on, or take an advantage without values."
            );
        mistakes = new Mistakes();
        ScenarioModels.Validate(
            Bind(gae.Replace("\"width\": \"32\"", "\"width\": \"32\", \"value-head\": \"on\"")),
            Standard.Catalog,
            mistakes
        );
        mistakes.ThrowIfAny();
    }

    [Fact]
    public void Every_loss_and_network_of_this_room_is_registered()
    {
        var options = Standard
            .Catalog.Losses.Select(r => r.OptionsType)
            .Concat(Standard.Catalog.Models.Select(r => r.OptionsType))
            .ToArray();
        foreach (
            var type in typeof(ModelPlugins)
                .Assembly.GetTypes()
                .Where(t =>
                    (t.IsAssignableTo(typeof(Losses.Loss)) || t.IsAssignableTo(typeof(Architecture))) && !t.IsAbstract
                )
        )
            type.GetConstructors()
                .SelectMany(c => c.GetParameters())
                .ShouldContain(
                    p => options.Any(o => o.IsAssignableTo(p.ParameterType)),
                    $"{type.Name} is in no line of the catalog"
                );
        // Options that nobody can name are options that do not exist: every record of loss options has a line of its
        // own.
        var bases = new[] { typeof(Losses.RegularisedOptions) };
        typeof(ModelPlugins)
            .Assembly.GetTypes()
            .Where(t => t.IsAssignableTo(typeof(Losses.RegularisedOptions)) && !bases.Contains(t))
            .ShouldBeSubsetOf(options);
    }

    [Fact]
    public void A_scenario_makes_models_that_learn_or_only_play()
    {
        var scenario = Bind(Good);
        var mistakes = new Mistakes();
        ScenarioModels.Validate(scenario, Standard.Catalog, mistakes);
        mistakes.ThrowIfAny();
        using var student = ModelFactory.Create(
            scenario,
            Standard.Catalog,
            "student",
            ["your card is K"],
            ["check", "bet"],
            mistakes
        )!;
        using var teacher = ModelFactory.Create(
            scenario,
            Standard.Catalog,
            "teacher",
            ["your card is K"],
            ["check", "bet"],
            mistakes
        )!;
        mistakes.ThrowIfAny();
        student.Facts.Context.ShouldBe(48);
        student.Facts.Device.ShouldContain("cpu");
        student.Facts.Vocabulary.ShouldBeLessThanOrEqualTo(300);
        student.Update(Toys.Batch(student, free: 0)).Version.ShouldBe(1);
        Should.Throw<InvalidOperationException>(() => teacher.Update(new([], 0, 0, 0)));
        ((TransformerModel)student).WeightNumbers().ShouldNotBe(((TransformerModel)teacher).WeightNumbers());
        var budget = ModelFactory.Budget(scenario, Standard.Catalog, "student")!;
        budget.Weights.ShouldBeGreaterThanOrEqualTo(student.Facts.Parameters * 4);
        budget.Optimiser.ShouldBe(4 * budget.Weights);
        ModelFactory.Budget(scenario, Standard.Catalog, "teacher")!.Optimiser.ShouldBe(0);
        budget.ToString().ShouldContain("MiB");
    }

    [Fact]
    public void A_policy_may_start_from_a_checkpoint_with_its_vocabulary()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var (scenario, mistakes) = (Bind(Good), new Mistakes());
        using (
            var first = ModelFactory.Create(
                scenario,
                Standard.Catalog,
                "student",
                ["your card is K"],
                ["check", "bet"],
                mistakes
            )!
        )
        {
            first.Update(Toys.Batch(first, free: 0));
            first.Save(folder);
        }
        var later = Bind(
            Good.Replace(
                "\"teacher\": { \"model\": \"small\" }",
                $"\"teacher\": {{ \"model\": \"small\", \"checkpoint\": \"{folder}\" }}"
            )
        );
        using var teacher = ModelFactory.Create(
            later,
            Standard.Catalog,
            "teacher",
            ["something else entirely"],
            ["x"],
            mistakes
        )!;
        mistakes.ThrowIfAny();
        teacher.Version.ShouldBe(1);
        Directory.Delete(folder, true);
        ScenarioModels.Validate(later, Standard.Catalog, mistakes);
        mistakes.All.ShouldHaveSingleItem().Path.ShouldBe("scenario.policies.teacher.checkpoint");
    }

    [Fact]
    public void All_mistakes_are_told_at_their_paths()
    {
        var scenario = Bind(
            """
            { "models": { "a": { "name": "transformer", "width": "30", "heads": "4" }, "b": { "name": "transfomer" }, "c": { "name": "transformer", "widht": "3" }, "d": { "name": "transformer", "context": "many" } },
              "policies": { "p": { "model": "a", "train": "on" }, "q": { "model": "zz" }, "r": { "player": "random", "train": "on" },
                            "s": { "model": "a", "train": "on", "learn": { "loss": { "name": "policy-gradient", "kl": "1" }, "optimizer": { "name": "sgd" } } } },
              "learn": { "loss": { "name": "policy-gradient", "dual-clip": "3" }, "optimizer": { "name": "adamw", "beta1": "2" } } }
            """
        );
        var mistakes = new Mistakes();
        ScenarioModels.Validate(scenario, Standard.Catalog, mistakes);
        var told = mistakes.All.ToDictionary(m => m.Path, m => m.Text);
        told["scenario.models.a"].ShouldContain("multiple of 8");
        told["scenario.models.b.name"].ShouldContain("Did you mean transformer?");
        told["scenario.models.c.widht"].ShouldContain("Did you mean width?");
        told["scenario.models.d.context"].ShouldContain("whole number");
        told["scenario.policies.q.model"].ShouldContain("zz");
        told["scenario.policies.r.train"].ShouldContain("no model");
        told["scenario.policies.s.learn.loss"].ShouldContain("reference");
        told["scenario.policies.s.learn.optimizer.name"].ShouldContain("adamw");
        told["scenario.learn.loss"].ShouldContain("clip is off");
        told["scenario.learn.optimizer"].ShouldContain("beta1");
        told.Count.ShouldBe(10);
    }

    [Fact]
    public void A_device_asked_for_but_absent_is_a_mistake()
    {
        if (torch.cuda.is_available())
            return;
        var scenario = Bind(Good.Replace("\"cpu\"", "\"cuda\""));
        var mistakes = new Mistakes();
        ScenarioModels.Validate(scenario, Standard.Catalog, mistakes);
        mistakes.All.ShouldHaveSingleItem().Path.ShouldBe("scenario.models.small.device");
        ModelFactory.Create(scenario, Standard.Catalog, "student", ["x"], ["y"], mistakes).ShouldBeNull();
    }

    [Fact]
    public void The_doctor_finds_the_library_and_computes_on_it()
    {
        var findings = Doctor.Examine();
        findings.ShouldAllBe(f => f.Sound);
        findings.Single(f => f.Name == "TorchSharp").Found.ShouldContain("/libLibTorchSharp.so");
        findings.Single(f => f.Name == "cpu").Found.ShouldContain("GFLOP/s");
        findings.Single(f => f.Name == "libtorch").Found.ShouldContain("/libtorch_cpu.so");
        if (!torch.cuda.is_available())
            Doctor.Examine(gpu: true).Single(f => f.Name == "cuda").Sound.ShouldBeFalse();
    }
}
