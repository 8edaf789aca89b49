namespace SandQueue.Gateway.Http;

/// <summary>The request is wrong. The message is the answer's detail: what was wrong and what to do.</summary>
internal sealed class BadRequestException(string detail, int status = StatusCodes.Status400BadRequest) : Exception(detail)
{
    public int Status => status;
}
