using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Who may make a call. It also writes on the call who makes it.</summary>
internal interface ICallGuard
{
    /// <summary>Null where the call may be made.</summary>
    ValueTask<Answer?> RefuseAsync(NacosCall call, Route route);
}
