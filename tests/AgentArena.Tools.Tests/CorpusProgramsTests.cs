// The programs of the corpus in a real Python: it gives the outputs that the small interpreter worked out.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Tools;
using AgentArena.Games.Corpus;
using AgentArena.Games.Python;

namespace AgentArena.Tools.Tests;

[Collection(nameof(Sandboxed))]
public class CorpusProgramsTests(Sandboxed sandbox)
{
    [Fact]
    public async Task Python_agrees_with_every_deduction_of_the_corpus()
    {
        var family = Families.Own.Single(f => f.Name == "programs");
        var seen = 0;
        for (ulong seed = 0; seen < 150; seed++)
        {
            var chance = new RandomStream(RandomStream.Derive(seed, "deductions"));
            var lesson = family.Draw(ref chance, CorpusSplit.Train);
            if (!lesson.Kind.StartsWith("deduction", StringComparison.Ordinal))
                continue;
            seen++;
            var asked = lesson.Prompt[^1].Text;
            var (program, input) = (ProgramProposal.Last(asked, "python")!, ProgramProposal.Last(asked, "input")!);
            var said = ProgramProposal.Last(lesson.Reply, "output")!;
            var judged = await new ProgramJudge(sandbox.Executor).ProposeAsync(program, [input]);
            judged.Valid.ShouldBeTrue($"{program}\n{input}\n{judged.Fault}");
            PythonValue.Read(judged.Outputs[0]).ShouldBe(PythonValue.Read(said), $"{program}\n{input}");
        }
    }
}
