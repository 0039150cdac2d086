using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Formats the errors of a version of the API.</summary>
internal interface IErrorFormat
{
    Answer Answer(NacosCall call, FaultException fault);
}
