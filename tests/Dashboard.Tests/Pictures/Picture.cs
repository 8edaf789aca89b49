namespace SandQueue.Dashboard.Tests.Pictures;

/// <summary>A picture of a page.</summary>
/// <param name="Name">Its file's name, without the ending.</param>
/// <param name="Path">The page.</param>
/// <param name="Ready">A text of its main part, without which it is not there yet.</param>
/// <param name="Width">Of the window.</param>
/// <param name="Height">Of the window, which is what the picture has; 0 for all of the page.</param>
/// <param name="IsDark">What the system says.</param>
internal sealed record Picture(string Name, string Path, string Ready, int Width = 1280, int Height = 800, bool IsDark = false)
{
    /// <summary>The pictures of <c>docs/images</c>.</summary>
    public static IReadOnlyList<Picture> OfDocumentation { get; } =
    [
        new("overview", "/ui", "Who uses the farm", Height: 1400),
        new("overview-phone", "/ui", "Who uses the farm", 390, 844, IsDark: true),
        new("episode", Episode, "Step 2"),
        new("batches", "/ui/batches", "Random walk"),
        new("batch-dark", Batch, "Rewards", IsDark: true),
        new("compare", Compare, "tasks in both"),
        new("keys", "/ui/keys", "Tenants and their limits"),
    ];

    /// <summary>Every page, wide and on a phone, light and dark, from top to bottom: to look at while working on them.</summary>
    public static IReadOnlyList<Picture> OfEverything { get; } =
    [
        .. from page in (Picture[])
            [
                .. OfDocumentation.Where(picture => picture.Width == 1280).Select(picture => picture with { Name = picture.Name.Split('-')[0] }),
                new("instances", "/ui/instances", "rollout-"), new("play", "/ui/play", "Environment"), new("nowhere", "/ui/nowhere", "Overview"),
                new("missing", "/ui/episode?id=nobody", "All episodes"), new("group", $"{Batch}&task=4x4-1000001", "Member 0"), new("rollout", PlayedFarm.RolloutPage, "Attempt"), new("failed", "/ui/batch?id=shaky", "one of them"),
            ]
           from width in (int[])[1280, 390]
           from isDark in (bool[])[false, true]
           select page with { Name = $"{page.Name}{(width < 600 ? "-phone" : "")}{(isDark ? "-dark" : "")}", Width = width, Height = 0, IsDark = isDark },
    ];

    private const string Episode = $"/ui/episode?id={PlayedFarm.Episode}";
    private const string Batch = $"/ui/batch?id={PlayedFarm.Batch}";
    private const string Compare = $"/ui/compare?first={PlayedFarm.Batch}&second={PlayedFarm.OtherBatch}";
}
