namespace SandQueue.Architecture.Tests.Files;

public sealed class DeclarationsTests
{
    [Fact]
    public void Consumers_are_found_with_and_without_a_primary_constructor()
    {
        const string Text = """
            namespace A;

            internal sealed class First(
                IClock clock) : Base, IConsumer<Batch<Message>>
            {
                private readonly IConsumer<Message> _inner;
            }

            public sealed class Second : IConsumer<Message>;

            internal sealed class Third : IReceiver<Message>;

            internal sealed class None { IConsumer<Message> Field; }
            """;

        Declarations.ConsumersIn(Text).ShouldBe(["First", "Second", "Third"]);
    }

    [Fact]
    public void Public_types_of_every_kind_are_found_and_members_are_not()
    {
        const string Text = """
            public sealed record First(int Number);
            public abstract partial record Second
            {
                public sealed record Inner;
                public int Member { get; }
            }

            public readonly record struct Third(int Number);
            public enum Fourth { A }
            public static class Fifth;
            public interface ISixth;
            internal sealed class Hidden;
            """;

        Declarations.PublicTypesIn(Text).ShouldBe(["First", "Second", "Third", "Fourth", "Fifth", "ISixth"]);
    }
}
