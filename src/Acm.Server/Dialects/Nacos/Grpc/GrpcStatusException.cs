namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>An error that ends a gRPC call with a status other than OK.</summary>
internal sealed class GrpcStatusException(GrpcStatus status) : Exception(status.Message)
{
    public GrpcStatus Status { get; } = status;
}
