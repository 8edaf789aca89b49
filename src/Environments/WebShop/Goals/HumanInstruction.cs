namespace SandQueue.Environments.WebShop.Goals;

/// <summary>An instruction that a person wrote for a product.</summary>
internal sealed record HumanInstruction(int Product, string Text, IReadOnlyList<string> Attributes, IReadOnlyList<string> Options);
