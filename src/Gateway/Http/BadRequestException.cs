namespace SandQueue.Gateway.Http;

/// <summary>The request is wrong. The message is the answer's detail: what was wrong and what to do.</summary>
internal sealed class BadRequestException(string detail, int status = StatusCodes.Status400BadRequest, string? code = null) : Exception(detail)
{
    public int Status => status;

    /// <summary>The reason for programs; null where the status says it.</summary>
    public string? Code => code;
}
