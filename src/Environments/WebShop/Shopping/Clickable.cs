namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>What a click on a text hits.</summary>
internal readonly record struct Clickable(PartKind Kind, string? Option);
