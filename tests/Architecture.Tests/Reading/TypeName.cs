namespace SandQueue.Architecture.Tests.Reading;

/// <summary>A type by its names.</summary>
/// <param name="Assembly">The simple name of its assembly, as <c>SandQueue.Workers</c>.</param>
/// <param name="Namespace">Its namespace, empty for a type without one.</param>
/// <param name="Name">Its name without the number of its generic parameters.</param>
internal sealed record TypeName(string Assembly, string Namespace, string Name);
