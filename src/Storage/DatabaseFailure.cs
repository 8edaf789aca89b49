using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace SandQueue.Storage;

/// <summary>Tells failures of the database from all others, through the wrappings EF gives them.</summary>
public static class DatabaseFailure
{
    /// <summary>Whether the database could not be reached or refused: whether a write took effect is unknown.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        DbException or DbUpdateException => true,
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
