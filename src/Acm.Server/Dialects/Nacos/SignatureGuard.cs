using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Lets everybody in where there are no keys, and only signed calls where there are.</summary>
internal sealed class SignatureGuard(SignatureCheck? signatures, Generation generation) : ICallGuard
{
    public ValueTask<Answer?> RefuseAsync(NacosCall call, Route route)
    {
        if (signatures is null || route.Access == Access.None) return ValueTask.FromResult<Answer?>(null);

        string? tenant = call["tenant"] ?? call["namespaceId"];
        string? group = call["group"] ?? call["groupName"];
        if (signatures.IsValid(Claim.Of(call.Headers), tenant, group))
        {
            call.AccessKey = signatures.AccessKey;
            return ValueTask.FromResult<Answer?>(null);
        }

        string message = generation switch
        {
            Generation.One => "unknown user!",
            Generation.Two => "user not found!",
            _ => "Code: 401, Message: User not found! Please check user exist or password is right!.",
        };
        return ValueTask.FromResult<Answer?>(Pages.Error(call, 403, message));
    }
}
