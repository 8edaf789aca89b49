namespace SandQueue.Architecture.Tests.Reading;

/// <summary>One type uses another. Nested and compiler-generated types count for the type that they stand in.</summary>
/// <param name="From">The type that uses.</param>
/// <param name="To">The type that is used.</param>
internal sealed record TypeUse(TypeName From, TypeName To);
