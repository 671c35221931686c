package io.skep.edgestream.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.skep.transport.tunnel.StreamRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Requests and answers of HTTP/1.1 as bytes. */
final class Http {

    private Http() {}

    /** The request the cloud passes on, for {@code host} and {@code uri}. */
    static FullHttpRequest request(StreamRequest asked, String host, String uri) {
        HttpMethod method = HttpMethod.valueOf(asked.method().isEmpty() ? "POST" : asked.method());
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri);
        asked.headers().forEach((name, values) -> request.headers().set(name, values));
        request.headers().set(HttpHeaderNames.HOST, host);
        return request;
    }

    /** The values of a header that may come many times, or as a list. */
    static List<String> values(FullHttpRequest request, String header) {
        return request.headers().getAll(header).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    static byte[] encode(FullHttpRequest request) {
        return encode(new HttpRequestEncoder(), request);
    }

    /** A refusal, after which nothing follows. */
    static byte[] refusal(int status, String text) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return encode(new HttpResponseEncoder(), answer);
    }

    private static byte[] encode(ChannelHandler encoder, Object message) {
        EmbeddedChannel channel = new EmbeddedChannel(encoder);
        try {
            channel.writeOutbound(message);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                bytes.writeBytes(ByteBufUtil.getBytes(part));
                part.release();
            }
            return bytes.toByteArray();
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
