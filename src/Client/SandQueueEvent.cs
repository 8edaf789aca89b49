namespace SandQueue.Client;

/// <summary>Something that <see cref="EventSubscription"/> hears: a <see cref="CommandResult"/>, or an <see cref="InstanceEnded"/>. More may be added.</summary>
public abstract record SandQueueEvent
{
    private protected SandQueueEvent()
    {
    }
}
