namespace Acm.Server.Http;

/// <summary>One way of speaking with the server: a folder of routes over the one store. No dialect knows another.</summary>
internal interface IDialect
{
    /// <summary>Null where the path is none of this dialect's.</summary>
    Task<Answer>? TryAnswerAsync(HttpContext context);
}
