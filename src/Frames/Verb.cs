namespace SandQueue.Frames;

/// <summary>What a call asks for. The numbers are part of the wire format.</summary>
public enum Verb
{
    /// <summary>Nobody waits for the call of this number any more; it has no body and no answer of its own. The call itself is answered all the same.</summary>
    GiveUp = 0,

    /// <summary>As <c>POST /create</c>.</summary>
    Create = 1,

    /// <summary>As <c>POST /step</c>.</summary>
    Step = 2,

    /// <summary>As <c>POST /evaluate</c>.</summary>
    Evaluate = 3,

    /// <summary>As <c>POST /get_info</c>.</summary>
    GetInfo = 4,

    /// <summary>As <c>POST /release</c>.</summary>
    Release = 5,
}
