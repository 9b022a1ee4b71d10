// The words of stories: who, what, where. Data alone.
using System.Collections.Immutable;

namespace AgentArena.Games.Corpus;

internal static class StoryWords
{
    public static readonly ImmutableArray<string> Names = Split(
        "Ada Ben Cleo Dan Eva Finn Gina Hugo Ida Jon Kara Leo Mia Nils Olga Paul Rosa Sam Tara Uma Vera Will Yara Zoe "
            + "Anna Boris Carla David Ella Frank Greta Henry Irene James Kim Lena Mark Nora Otto Petra Ruth Simon Tina"
    );

    public static readonly ImmutableArray<string> Things = Split(
        "apples books coins cards eggs pens shells stamps stones toys marbles cookies flowers pencils oranges buttons "
            + "tickets candles bottles boxes photos plums nuts balloons beads carrots chairs cups dolls fish hats keys "
            + "lamps leaves letters masks mugs onions pears plates potatoes ribbons rings roses spoons stickers "
            + "tomatoes"
    );

    public static readonly ImmutableArray<string> Holders = Split(
        "bags baskets boxes jars packs trays crates bowls drawers cases"
    );

    public static readonly ImmutableArray<string> Places = Split(
        "shop garden school kitchen market library farm office museum hall station barn"
    );

    public static readonly ImmutableArray<string> Days = Split(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    );

    private static ImmutableArray<string> Split(string words) => [.. words.Split(' ')];
}
