using MassTransit;
using MemoryPack;
using SandQueue.Contracts;

namespace SandQueue.Transport.Bodies;

/// <summary>A message of the contracts that travels in binary form. Its number is part of the wire format: never reorder.</summary>
internal abstract class MessageKind
{
    private static readonly MessageKind[] All =
    [
        Of<CommandReplies>(1),
        Of<PlayRollouts>(2),
        Of<ResponseUndelivered>(3),
        Of<CreateInstance>(10), Of<Envelope<CreateInstance>>(11),
        Of<StepInstance>(12), Of<Envelope<StepInstance>>(13),
        Of<EvaluateInstance>(14), Of<Envelope<EvaluateInstance>>(15),
        Of<ReleaseInstance>(16), Of<Envelope<ReleaseInstance>>(17),
        Of<DescribeInstance>(18), Of<Envelope<DescribeInstance>>(19),
        Of<SolveInstance>(20), Of<Envelope<SolveInstance>>(21),
        Of<ListTasks>(22), Of<Envelope<ListTasks>>(23),
    ];

    private static readonly Dictionary<Type, MessageKind> ByType = All.ToDictionary(kind => kind.Type);
    private static readonly Dictionary<byte, MessageKind> ByNumber = All.ToDictionary(kind => kind.Number);

    private MessageKind(byte number, Type type) => (Number, Type, Names) = (number, type, [MessageUrn.ForTypeString(type)]);

    public byte Number { get; }

    public Type Type { get; }

    /// <summary>What MassTransit calls it.</summary>
    public string[] Names { get; }

    /// <returns>Null for a message of the transport's own, which travels as JSON.</returns>
    public static MessageKind? Find(Type type) => ByType.GetValueOrDefault(type);

    /// <returns>Null for a number that this version knows not.</returns>
    public static MessageKind? Find(byte number) => ByNumber.GetValueOrDefault(number);

    /// <exception cref="MemoryPackSerializationException">These bytes are no such message.</exception>
    public abstract object? Read(ReadOnlySpan<byte> bytes);

    private static Typed<T> Of<T>(byte number)
        where T : class => new Typed<T>(number);

    private sealed class Typed<T>(byte number) : MessageKind(number, typeof(T))
        where T : class
    {
        public override object? Read(ReadOnlySpan<byte> bytes) => MemoryPackSerializer.Deserialize<T>(bytes);
    }
}
