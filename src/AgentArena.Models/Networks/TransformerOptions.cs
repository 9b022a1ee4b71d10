// The shape of a network as a scenario writes it, and where it runs.
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Networks;

/// <summary>Where a network runs.</summary>
public enum DeviceChoice
{
    /// <summary>An NVIDIA GPU where there is one, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>A GPU, or a refusal to start.</summary>
    Cuda,
}

/// <summary>
/// A decoder-only transformer: RMSNorm (Zhang and Sennrich 2019), rotary positions (Su et al. 2021), SwiGLU (Shazeer
/// 2020), tied embeddings.
/// </summary>
public sealed record TransformerOptions
{
    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Attention heads; they divide the width into even parts.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Width inside the feed-forward part; 0 takes 8/3 of the width, rounded up to a multiple of 16.</summary>
    public int Hidden { get; init; }

    /// <summary>The most tokens of a prompt and its reply.</summary>
    public int Context { get; init; } = 64;

    /// <summary>
    /// Whether a value of each state is learned beside the scores of ids, for advantages that need one (gae).
    /// </summary>
    public bool ValueHead { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public double RotaryBase { get; init; } = 10_000;

    /// <summary>
    /// Standard deviation of the first weights; those into the residual stream have it less by sqrt(2 x layers). A
    /// small network on exact tasks, arithmetic above all, learns several times faster from 0.1 to 0.15.
    /// </summary>
    public double Deviation { get; init; } = 0.02;

    /// <summary>Seed of the first weights; 0 derives it from the run's seed and the policy's name.</summary>
    public long Seed { get; init; }

    /// <summary>Where it runs. A device asked for but absent is an error.</summary>
    public DeviceChoice Device { get; init; }

    /// <summary>CPU threads of the tensor library, for the whole process; 0 leaves them as they are.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most token positions whose keys and values are kept for reuse between steps.</summary>
    public int CachedTokens { get; init; } = 16_384;

    /// <summary>
    /// The most token positions computed in one pass of an update; larger batches are summed in several passes.
    /// </summary>
    public int PassTokens { get; init; } = 8_192;

    /// <summary>How the vocabulary is made.</summary>
    public TokenizerOptions Tokenizer { get; init; } = new();

    /// <summary><see cref="Hidden"/> with its default worked out.</summary>
    public int HiddenWidth => Hidden > 0 ? Hidden : (Width * 8 / 3 + 15) / 16 * 16;

    /// <summary>Throws where the shape contradicts itself.</summary>
    /// <exception cref="ArgumentException">Says which option, what is wrong and what would be right.</exception>
    public void Check()
    {
        Positive(Width, "width");
        Positive(Layers, "layers");
        Positive(Heads, "heads");
        Positive(PassTokens, "pass-tokens");
        if (Hidden < 0)
            throw new ArgumentException(
                $"hidden: is {Hidden}; it should be 0 (8/3 of the width) or a positive number."
            );
        if (Context < 2)
            throw new ArgumentException($"context: is {Context}; it should be at least 2, a prompt and a reply.");
        if (Width % Heads != 0 || Width / Heads % 2 != 0)
            throw new ArgumentException(
                $"heads: {Heads} heads do not divide the width {Width} into even parts. Take a width that is a multiple of {2 * Heads}."
            );
        if (CachedTokens < Context)
            throw new ArgumentException(
                $"cached-tokens: {CachedTokens} is less than one context of {Context}. Give at least {Context}."
            );
        if (Threads < 0)
            throw new ArgumentException($"threads: is {Threads}; it should be 0 (as it is) or a positive number.");
        if (!(Deviation > 0))
            throw new ArgumentException($"deviation: is {Deviation}; it should be above 0, usually 0.02.");
        if (!(RotaryBase > 1))
            throw new ArgumentException($"rotary-base: is {RotaryBase}; it should be above 1, usually 10000.");

        static void Positive(int value, string key)
        {
            if (value < 1)
                throw new ArgumentException($"{key}: is {value}; it should be at least 1.");
        }
    }
}
